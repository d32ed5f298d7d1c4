/* data-search: a box whose results appear below it while one types. Arrows choose, Enter opens, Escape closes. */
const resultsOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const optionsOf = (box) => [...resultsOf(box).querySelectorAll("[role=option]")];
const isOpen = (box) => box.getAttribute("aria-expanded") === "true";

function choose(box, option) {
  for (const one of optionsOf(box)) one.setAttribute("aria-selected", String(one === option));
  if (!option) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open(box) {
  const results = resultsOf(box);
  const isAsked = results.dataset.count !== "" && box.value.trim().length > 1;
  results.hidden = !isAsked;
  box.setAttribute("aria-expanded", String(isAsked));
}

function close(box) {
  choose(box, null);
  resultsOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
}

function step(box, by) {
  const options = optionsOf(box);
  const now = options.findIndex((option) => option.id === box.getAttribute("aria-activedescendant"));
  // From the box itself down to the first, up to the last, and from either end back to the box.
  const next = now < 0 && by < 0 ? options.length - 1 : now + by;
  choose(box, options[next] ?? null);
}

const keys = {
  ArrowDown: (box) => (isOpen(box) ? step(box, 1) : open(box)),
  ArrowUp: (box) => isOpen(box) && step(box, -1),
  Escape: (box) => close(box),
};

document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (!box.matches?.("[data-search]") || event.isComposing) return;
    const chosen = document.getElementById(box.getAttribute("aria-activedescendant"));
    if (event.key === "Enter" && isOpen(box) && chosen) chosen.click();
    else if (keys[event.key] && (event.key !== "Escape" || isOpen(box))) keys[event.key](box);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const box = detail.requestConfig?.elt;
  if (!box?.matches?.("[data-search]")) return;
  box.removeAttribute("aria-activedescendant");
  if (document.activeElement !== box) return;
  open(box);
  const count = Number(resultsOf(box).dataset.count);
  if (isOpen(box)) document.getElementById("announcer").textContent = count ? `${count} result${count === 1 ? "" : "s"}` : "Nothing found";
});
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-search]") && target.value.trim().length < 2) close(target);
});
document.addEventListener("focusin", ({ target }) => target.matches("[data-search]") && open(target));
document.addEventListener("focusout", ({ target }) => target.matches("[data-search]") && close(target));
/* The box keeps the focus while a result is pressed: without it the results would be gone before the click. */
document.addEventListener("mousedown", (event) => event.target.closest("[data-search-results]") && event.preventDefault());
