/* data-toast: a short word at the foot of the window; good news leaves by itself, bad news waits to be read. New words
   stand below those still there, each with its own time: one that changed its words would keep the time of the old. */
const SHOWN = 5_000;
const MOST = 4; /* of good news at once, when somebody is quick */
const toasts = document.getElementById("toasts");
const isBad = (toast) => toast.matches(".toast--error, .toast--warning");

function expire(toast) {
  if (isBad(toast)) return;
  const shown = toast.querySelector("form") ? 3 * SHOWN : SHOWN; /* Long enough to press Undo. */
  setTimeout(() => (toast.matches(":hover, :focus-within") ? expire(toast) : toast.remove()), shown);
}

function welcome(added) {
  added.forEach(expire);
  const good = [...toasts.querySelectorAll("[data-toast]")].filter((toast) => !isBad(toast));
  for (const old of good.slice(0, -MOST)) old.remove();
}

/** Shows words as text, never as markup; or an element that was made here. Returns the toast. */
export function showToast(words, level = "info") {
  const close = document.createElement("button");
  close.className = "toast__close";
  close.type = "button";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  const toast = document.createElement("div");
  toast.className = `toast toast--${level}`;
  toast.dataset.toast = "";
  toast.append(words, close);
  toasts.append(toast);
  return toast;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-toast-close]")) target.closest("[data-toast]").remove();
});
/* However they arrive: with the page, with an answer, from a script. */
new MutationObserver((changes) => {
  const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
  welcome(added.filter((node) => node instanceof Element && node.matches("[data-toast]")));
}).observe(toasts, { childList: true });
/* What comes with the page is no change of it and would not be read out; moved, it is. */
const first = [...toasts.children];
if (first.length) setTimeout(() => toasts.prepend(...first.filter((toast) => toast.isConnected)), 100);
welcome(first);
