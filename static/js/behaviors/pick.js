/* data-pick: boxes that select rows for the bar below the list. Shift selects all between two; the page's state is the
   boxes themselves. */
let last = null;

const boxes = () => [...document.querySelectorAll("[data-pick]")];
const bar = () => document.querySelector("[data-bulk]");

function tell() {
  const form = bar();
  if (!form) return;
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const everything = form.querySelector("[data-pick-everything]");
  const choice = form.querySelector("[data-pick-all]");
  const label = everything?.closest("label");
  if (label) label.hidden = label.dataset.total <= all.length;
  choice.checked = count > 0 && count === all.length;
  choice.indeterminate = count > 0 && count < all.length;
  form.querySelector("[data-pick-count]").textContent = everything?.checked
    ? label.textContent.trim()
    : `${count} selected`;
}

function tick(chosen, checked) {
  for (const box of chosen) box.checked = checked;
  const everything = bar()?.querySelector("[data-pick-everything]");
  if (everything && !checked) everything.checked = false;
  tell();
}

function between(one, other) {
  const all = boxes();
  const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  return from < 0 ? [other] : all.slice(from, to + 1);
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.matches("[data-pick]")) {
    tick(shiftKey && last ? between(last, target) : [target], target.checked);
    last = target;
  } else if (target.matches("[data-pick-all]")) {
    tick(boxes(), target.checked);
  } else if (target.closest("[data-pick-none]")) {
    tick(boxes(), false);
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-pick-everything]")) tick(boxes(), true);
});

/* Some buttons lead to a page where more is asked: the browser goes there itself, htmx must not hear of it. */
document.addEventListener("submit", (event) => {
  if (event.submitter?.matches("[data-plain]")) event.stopImmediatePropagation();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-bulk-enter]")) return;
  event.preventDefault();
  /* A click, for of a submit htmx sends only the button that was clicked. */
  event.target.parentElement.querySelector("button").click();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  /* Refused (htmx counts it as a success), all stays as it was ticked and typed. */
  if (!detail.elt.matches("[data-bulk]") || !detail.successful || detail.xhr.status >= 400) return;
  for (const menu of detail.elt.querySelectorAll(":popover-open")) menu.hidePopover();
  detail.elt.reset();
  tick(boxes(), false);
});

document.addEventListener("htmx:afterSwap", tell);
tell();
