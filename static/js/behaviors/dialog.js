/* data-dialog: a link whose page opens as a pop-up above this one: the part of it that its address answers to htmx.
   The title is data-dialog, else the link's words; data-dialog-size="wide" is for tables. A data-dialog link inside the
   pop-up takes its place there, one with data-dialog-close closes it; [autofocus] inside gets the focus.
   Opening adds no step to the browser's history. */
import { showToast } from "./toast.js";

const dialog = document.getElementById("popup");
const body = document.getElementById("popup-body");
const title = document.getElementById("popup-title");
const PATIENCE = 150;
let opener = null;
let asked = 0;

/* What tells of an error must be above the shade too. */
function show() {
  if (dialog.open) return;
  dialog.append(document.getElementById("toasts"));
  dialog.showModal();
}

/** Fills the pop-up; whether its content came, null when something else was asked for meanwhile. */
async function fill(href) {
  const mine = (asked += 1);
  const timer = setTimeout(() => mine === asked && show(), PATIENCE);
  let came = false;
  const heard = ({ detail }) => (came ||= mine === asked && detail.shouldSwap);
  body.addEventListener("htmx:beforeSwap", heard);
  try {
    await htmx.ajax("GET", href, { source: body, target: body, swap: "innerHTML" });
    if (mine === asked && !came) location.href = href; /* The page itself says what is wrong. */
  } catch {
    if (mine === asked) showToast("No connection. Nothing was lost; try again.", "error");
  }
  body.removeEventListener("htmx:beforeSwap", heard);
  clearTimeout(timer);
  return mine === asked ? came : null;
}

async function open(link) {
  const { dialog: words, dialogSize } = link.dataset;
  title.textContent = words || link.getAttribute("aria-label") || link.textContent.trim();
  if (!dialog.contains(link)) {
    opener = link;
    dialog.dataset.size = dialogSize ?? "";
    body.innerHTML = '<p class="soft" role="status">Loading…</p>';
  }
  const came = await fill(link.href);
  if (came === null) return;
  if (!came) return void dialog.close();
  show();
  body.scrollTop = 0;
  (body.querySelector("[autofocus]") ?? dialog).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});

/* The shade around it closes it; a press that began inside, as when words are marked, does not. */
let began = null;
dialog?.addEventListener("pointerdown", (event) => (began = event.target));
dialog?.addEventListener("click", (event) => {
  const leaves = event.target.closest("[data-dialog-close]");
  if (leaves) event.preventDefault();
  if (leaves || (event.target === dialog && began === dialog)) dialog.close();
});

dialog?.addEventListener("close", () => {
  asked += 1;
  body.replaceChildren();
  document.body.append(document.getElementById("toasts"));
  /* A live refresh may have drawn the page behind anew: then the link of the same address is the one. */
  const same = () => [...document.querySelectorAll("a[data-dialog]")].find(({ href }) => href === opener.href);
  if (opener) (opener.isConnected ? opener : same())?.focus();
  opener = null;
});
