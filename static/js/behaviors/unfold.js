/* data-unfold="id": a link whose page unfolds below it, and folds at the second press; Space does the same as Enter.
   data-row-key="a": the key that presses this button of a row while the row, or what unfolded there, has the focus.
   data-unfolds: when rows leave such a list, the focus goes to the one that took the place. */
const OFF = "shortcuts-off";
const places = new WeakMap();
const linksOf = (list) => [...list.querySelectorAll("a[data-unfold]")];

async function turn(link) {
  const part = document.getElementById(link.dataset.unfold);
  const opens = part.hidden;
  if (opens && !part.childElementCount) {
    try {
      await htmx.ajax("GET", link.href, { source: part, target: part, swap: "innerHTML" });
    } catch {
      /* htmx has said why. */
    }
    if (!part.childElementCount) return void (location.href = link.href);
  }
  part.hidden = !opens;
  link.setAttribute("aria-expanded", opens);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-unfold]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  turn(link);
});

/* Before shortcuts.js, for which the same keys mean the page's first button. */
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const item = target.closest?.("[data-unfold-item]");
  if (!item || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  if (target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  if (key === " " && target.matches("a[data-unfold]")) turn(target);
  else {
    const button = item.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
    if (!button) return;
    if (!event.repeat) button.click();
  }
  event.preventDefault();
}, true);

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  const item = target.closest?.("[data-unfold-item]");
  if (!item || detail.requestConfig.verb !== "post") return;
  const list = item.closest("[data-unfolds]");
  places.set(list, [...list.querySelectorAll("[data-unfold-item]")].indexOf(item));
});

/* The form that asked is gone by then, so the event comes from what is left around it. */
document.addEventListener("htmx:afterRequest", () => {
  for (const list of document.querySelectorAll("[data-unfolds]")) {
    const place = places.get(list);
    if (place === undefined) continue;
    places.delete(list);
    linksOf(list).at(Math.min(place, linksOf(list).length - 1))?.focus();
  }
});
