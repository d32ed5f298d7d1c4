/* data-list: rows in view change in place; new and moved ones wait while somebody reads or points at the list. */
import { keepGone } from "./gone.js";
import { become } from "./morph.js";

const QUIET = 1_500;
const waiting = new WeakMap();
let touched = -QUIET;

const rowIds = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.id);
const scroller = (list) => list.querySelector("[data-list-scroll]");
const isBusy = (list) => scroller(list).scrollTop > 8 || performance.now() - touched < QUIET;

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

function announce(list, count) {
  const pill = list.querySelector("[data-list-pill]");
  pill.textContent = count ? `${count} new ticket${count === 1 ? "" : "s"}` : "The list has changed";
  if (count) document.getElementById("announcer").textContent = pill.textContent;
  return pill;
}

function showWhenQuiet(list) {
  if (!waiting.has(list)) return;
  if (!isBusy(list)) show(list);
  else if (scroller(list).scrollTop <= 8) setTimeout(showWhenQuiet, QUIET, list);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target: list, serverResponse, shouldSwap } = event.detail;
  if (!list.matches("[data-list]") || !shouldSwap) return;
  const answer = new DOMParser().parseFromString(serverResponse, "text/html");
  const known = new Set(rowIds(list));
  const count = rowIds(answer).filter((id) => !known.has(id)).length;
  keepGone(list, answer);
  const html = answer.body.innerHTML;
  const isSame = rowIds(answer).join() === rowIds(list).join();
  if (count || !isSame) announce(list, count);
  if (!isBusy(list) || isSame) {
    waiting.delete(list);
    event.detail.serverResponse = html;
    return;
  }
  event.detail.shouldSwap = false;
  waiting.set(list, html);
  refreshRows(list, answer);
  list.querySelector("[data-list-pill]").hidden = false;
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
  for (const row of list.querySelectorAll("[data-gone]")) row.remove();
});
