/* The window above the page, and what fills it (dialog.js). */
import { showToast } from "./toast.js";

export const dialog = document.getElementById("popup");
export const body = document.getElementById("popup-body");
const PATIENCE = 150;
let asked = 0;

/* What tells of an error must be above the shade too. */
export function show() {
  if (dialog.open) return;
  dialog.append(document.getElementById("toasts"));
  dialog.showModal();
}

/** Fills the pop-up; whether its content came, null when something else was asked for meanwhile or nothing was heard. */
export async function fill(verb, href, values) {
  const mine = (asked += 1);
  const timer = setTimeout(() => mine === asked && show(), PATIENCE);
  let came = false;
  let isLost = false;
  const heard = ({ detail }) => (came ||= mine === asked && detail.shouldSwap);
  body.addEventListener("htmx:beforeSwap", heard);
  try {
    await htmx.ajax(verb, href, { source: body, target: body, swap: "innerHTML", values });
  } catch {
    isLost = mine === asked;
  }
  body.removeEventListener("htmx:beforeSwap", heard);
  clearTimeout(timer);
  if (isLost) {
    dialog.close();
    showToast("No connection. Nothing was lost; try again.", "error");
  }
  return mine === asked && !isLost ? came : null;
}

dialog?.addEventListener("close", () => {
  asked += 1;
  body.replaceChildren();
  document.body.append(document.getElementById("toasts"));
});
