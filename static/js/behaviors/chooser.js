/* data-chooser: arrows move through its buttons, typing narrows them, Enter in the field presses the first one left. */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
const buttonsOf = (chooser) => [...chooser.querySelectorAll(".chooser__item")].filter((button) => button.offsetParent);

function narrow(chooser, typed) {
  const wanted = fold(typed);
  let exact = false;
  for (const one of chooser.querySelectorAll("[data-words]")) {
    const words = fold(one.dataset.words);
    exact ||= words === wanted;
    one.closest("li").hidden = !words.split(/\s+/).some((_, at, all) => all.slice(at).join(" ").startsWith(wanted));
  }
  const fresh = chooser.querySelector("[data-chooser-new]");
  if (fresh) {
    fresh.hidden = !wanted || exact;
    fresh.querySelector("[data-chooser-typed]").textContent = typed.trim();
  }
  mark(chooser, wanted);
}

/* What Enter would press is shown, and only once something was typed: an empty field presses nothing. */
function mark(chooser, wanted) {
  const left = buttonsOf(chooser);
  chooser.querySelector("[data-first]")?.removeAttribute("data-first");
  if (wanted) left[0]?.setAttribute("data-first", "");
  const none = chooser.querySelector("[data-chooser-none]");
  if (none) none.hidden = [...chooser.querySelectorAll(".chooser__list > li")].some((line) => !line.hidden);
}

function move(chooser, from, by) {
  const all = buttonsOf(chooser);
  const at = all.indexOf(from);
  const filter = chooser.querySelector("[data-chooser-filter]");
  if (at + by < 0 && filter) return filter.focus();
  all[(at + by + all.length) % all.length]?.focus();
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-chooser-filter]")) narrow(target.closest("[data-chooser]"), target.value);
});

document.addEventListener("keydown", (event) => {
  const chooser = event.target.closest?.("[data-chooser]");
  if (!chooser || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = chooser.querySelector("[data-chooser-filter]");
  const inField = event.target.matches("input, textarea, select");
  if (event.key === "Enter" && event.target === filter) {
    event.preventDefault();
    chooser.querySelector("[data-first]")?.click();
  } else if (event.key === "ArrowDown" && (!inField || event.target === filter)) {
    event.preventDefault();
    move(chooser, event.target, 1);
  } else if (event.key === "ArrowUp" && (!inField || event.target === filter)) {
    event.preventDefault();
    move(chooser, event.target, -1);
  } else if (filter && !inField && event.key.length === 1 && event.key !== " ") {
    filter.focus(); /* The letter itself goes where the focus is now. */
  }
});
