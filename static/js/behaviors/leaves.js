/* data-leaves: an entry that goes away by its own button: who pressed it by key goes on at the next entry, after the last
   one at what undoes it. */
let heir = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const gone = detail.target;
  if (!detail.shouldSwap || !gone.matches?.("[data-leaves]") || !gone.contains(document.activeElement)) return;
  heir = { next: gone.nextElementSibling ?? gone.previousElementSibling };
});

document.addEventListener("htmx:afterRequest", () => {
  if (!heir) return;
  const { next } = heir;
  heir = null;
  if (document.activeElement !== document.body) return;
  (next?.querySelector("button") ?? document.querySelector("#toasts [data-toast]:last-child form button"))?.focus();
});
