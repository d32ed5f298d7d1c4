/* data-toast: a short word at the foot of the window; good news leaves by itself, bad news waits to be read. */
const SHOWN = 5_000;

function expire(toast) {
  if (toast.matches(".toast--error, .toast--warning")) return;
  const shown = toast.querySelector("form") ? 3 * SHOWN : SHOWN; /* Long enough to press Undo. */
  setTimeout(() => (toast.matches(":hover, :focus-within") ? expire(toast) : toast.remove()), shown);
}

/** Shows words as text, never as markup. */
export function showToast(words, level = "info") {
  const toasts = document.getElementById("toasts");
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
  expire(toast);
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-toast-close]")) target.closest("[data-toast]").remove();
});
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id === "toasts") document.querySelectorAll("#toasts [data-toast]").forEach(expire);
});
document.querySelectorAll("[data-toast]").forEach(expire);
