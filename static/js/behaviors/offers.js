/* data-offers: values offered for the field with this id. The first has the focus once they are there (data-asks, on
   the button that asks), arrows move, Escape goes back; after one was taken the field has the focus again. */
let asked = "";
let taken = "";

const buttonsOf = (list) => [...list.querySelectorAll("button")];

document.addEventListener("click", ({ target }) => {
  const list = target.closest("[data-offers]");
  asked = target.closest("[data-asks]")?.dataset.asks ?? "";
  taken = list && target.closest("button") ? list.dataset.offers : "";
});

document.addEventListener("htmx:afterSettle", () => {
  const list = asked && document.querySelector(`[data-offers="${asked}"]`);
  if (list) buttonsOf(list)[0]?.focus();
  if (taken) document.getElementById(taken)?.focus();
  asked = taken = "";
});

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-offers]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = buttonsOf(list);
  const at = all.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Escape") {
    event.stopPropagation();
    document.getElementById(list.dataset.offers)?.focus();
    list.remove();
  } else if (to !== undefined) {
    event.preventDefault();
    all.at(to % all.length).focus();
  }
});
