/* data-worklist: rows worked one after the other. What is done leaves and the next one has the focus; what others did
   stays gray for a moment, and what is new comes below, so that nothing slips away under the eye. */
import { keepGone } from "./gone.js";

const linkOf = (row) => row?.querySelector("[data-row-link]") ?? row?.querySelector("a");
const LEFT = "worklist-left";
let next = null; /* where the focus goes once the row that had it is gone */

function rowsOf(list) {
  return [...list.querySelectorAll("[data-row]")];
}

function goTo(row, list) {
  const target = linkOf(row) ?? list; /* After the last one, the list says that nothing is left. */
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/* A row is worked on its own page, too: back from there, whoever took its place has the focus. */
document.addEventListener("click", ({ target }) => {
  const link = target.closest("[data-worklist] [data-row-link]");
  if (!link) return;
  const left = { at: rowsOf(link.closest("[data-worklist]")).indexOf(link.closest("[data-row]")), page: link.pathname };
  sessionStorage.setItem(LEFT, JSON.stringify(left));
});

const here = document.querySelector("[data-worklist]");
const left = here && JSON.parse(sessionStorage.getItem(LEFT));
if (left) sessionStorage.removeItem(LEFT);
if (left && document.referrer && new URL(document.referrer).pathname === left.page) {
  const rows = rowsOf(here);
  goTo(rows[left.at] ?? rows.at(-1), here);
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const row = detail.elt.closest("[data-worklist] [data-row]");
  if (!row || detail.requestConfig.verb !== "post") return;
  const rows = rowsOf(row.closest("[data-worklist]"));
  const at = rows.indexOf(row);
  next = { row, after: rows[at + 1] ?? rows[at - 1] };
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!next || detail.requestConfig.verb !== "post") return;
  const { row, after } = next;
  next = null;
  if (row.isConnected) return; /* It was refused, and says so. */
  const list = document.querySelector("[data-worklist]");
  goTo(after, list);
  list?.dispatchEvent(new CustomEvent("live"));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target: list, serverResponse, shouldSwap } = detail;
  if (!list.matches("[data-worklist]") || !shouldSwap) return;
  const answer = new DOMParser().parseFromString(serverResponse, "text/html");
  const known = new Set(rowsOf(list).map(({ id }) => id));
  const box = answer.querySelector("[data-rows]");
  if (known.size && box) for (const row of rowsOf(answer)) if (!known.has(row.id)) box.append(row);
  keepGone(list, answer);
  detail.serverResponse = answer.body.innerHTML;
});
