/* data-dialog: a link whose page opens as a pop-up above this one: the part of it that its address answers to htmx.
   The title is data-dialog, else the link's words; data-dialog-size="wide" is for tables. A data-dialog link inside the
   pop-up takes its place there, one with data-dialog-close closes it; [autofocus] inside gets the focus.
   A form with data-dialog asks a question before anything is done: the pop-up is what its address answers to htmx; an
   answer without content means that the page itself must say something, and the form is sent as without scripts.
   Opening adds no step to the browser's history. */
import { body, dialog, fill, show } from "./popup.js";

const title = document.getElementById("popup-title");
let opener = null;

/** `instead` is done when no content comes: the page itself then says what is wrong. */
async function open(asker, { verb, href, values }, instead) {
  const { dialog: words, dialogSize } = asker.dataset;
  title.textContent = words || asker.getAttribute("aria-label") || asker.textContent.trim();
  if (!dialog.contains(asker)) {
    opener = asker.matches("form") ? (document.activeElement ?? asker) : asker;
    dialog.dataset.size = dialogSize ?? "";
    body.innerHTML = '<p class="soft" role="status">Loading…</p>';
  }
  const came = await fill(verb, href, values);
  if (came === null) return;
  if (!came) {
    instead();
    return void dialog.close();
  }
  show();
  body.scrollTop = 0;
  (body.querySelector("[autofocus]") ?? dialog).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link, { verb: "GET", href: link.href }, () => (location.href = link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-dialog]")) return;
  event.preventDefault();
  open(form, { verb: "POST", href: form.action, values: new FormData(form) }, () => form.submit());
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
  /* A live refresh may have drawn the page behind anew: then the link of the same address is the one. */
  const same = () => [...document.querySelectorAll("a[data-dialog]")].find(({ href }) => href === opener.href);
  if (opener) (opener.isConnected ? opener : same())?.focus();
  opener = null;
});
