/* data-worklist: rows worked one after the other. What is done leaves and the next one has the focus; what others did
   stays gray for a moment, and what is new comes below, so that nothing slips away under the eye. */
import { keepGone } from "./gone.js";

const linkOf = (row) => row?.querySelector("[data-row-link]") ?? row?.querySelector("a");
let next = null; /* where the focus goes once the row that had it is gone */

function rowsOf(list) {
  return [...list.querySelectorAll("[data-row]")];
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
  const target = linkOf(after);
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
  document.querySelector("[data-worklist]")?.dispatchEvent(new CustomEvent("live"));
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
