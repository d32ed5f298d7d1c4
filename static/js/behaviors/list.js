/* data-list: rows in view change in place; new and moved ones wait while somebody reads or points at the list. */
import { become } from "./morph.js";

const QUIET = 1_500;
const waiting = new WeakMap();
let touched = -QUIET;

const rowIds = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.id);
const scroller = (list) => list.querySelector("[data-list-scroll]");

function isBusy(list) {
  return scroller(list).scrollTop > 8 || performance.now() - touched < QUIET;
}

function show(list) {
  const html = waiting.get(list);
  waiting.delete(list);
  if (html) become(list, html);
}

function refreshRows(list, answer) {
  for (const row of answer.querySelectorAll("[data-row]")) {
    const old = list.querySelector(`#${CSS.escape(row.id)}`);
    if (old) Idiomorph.morph(old, row.outerHTML);
  }
}

function announce(list, answer) {
  const known = new Set(rowIds(list));
  const count = rowIds(answer).filter((id) => !known.has(id)).length;
  const pill = list.querySelector("[data-list-pill]");
  pill.textContent = count ? `${count} new ticket${count === 1 ? "" : "s"}` : "The list has changed";
  pill.hidden = false;
  if (count) document.getElementById("announcer").textContent = pill.textContent;
}

function showWhenQuiet(list) {
  if (!waiting.has(list)) return;
  if (!isBusy(list)) show(list);
  else if (scroller(list).scrollTop <= 8) setTimeout(showWhenQuiet, QUIET, list);
}

for (const open of document.querySelectorAll("[data-list] [data-row] [aria-current]")) {
  open.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target;
  if (!list.matches("[data-list]") || !event.detail.shouldSwap) return;
  const answer = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
  if (!isBusy(list) || rowIds(answer).join() === rowIds(list).join()) return void waiting.delete(list);
  event.detail.shouldSwap = false;
  waiting.set(list, event.detail.serverResponse);
  refreshRows(list, answer);
  announce(list, answer);
  setTimeout(showWhenQuiet, QUIET, list);
});

for (const kind of ["pointermove", "keydown", "wheel"]) {
  document.addEventListener(kind, ({ target }) => {
    if (target.closest?.("[data-list]")) touched = performance.now();
  }, { passive: true });
}
document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.("[data-list-scroll]") && target.scrollTop <= 8) showWhenQuiet(target.closest("[data-list]"));
}, true);
document.addEventListener("click", ({ target }) => {
  const list = target.closest("[data-list-pill]")?.closest("[data-list]");
  if (!list) return;
  scroller(list).scrollTop = 0;
  show(list);
});
