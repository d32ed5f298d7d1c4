/* A ticket that fits the list no more stays where it was, gray, so that nothing slips away under the pointer. */
const GREY = 5_000; /* at least so long, and as long as somebody points at it, has picked it or has it open */

const isHeld = (row) => row.matches(":hover, :focus-within, :has([aria-current], :checked)");

/** Puts into `answer` the rows of `list` that it lacks, unless they have been grey for a while or only slipped to the
    next page. */
export function keepGone(list, answer) {
  const old = [...list.querySelectorAll("[data-row]")];
  const find = (id) => answer.querySelector(`#${CSS.escape(id)}`);
  const last = old.findLastIndex((row) => find(row.id));
  const isCut = answer.querySelector("[rel=next]");
  for (const [index, row] of old.entries()) {
    if (find(row.id) || (isCut && index > last)) continue;
    if (row.dataset.gone && Date.now() - row.dataset.gone > GREY && !isHeld(row)) continue;
    const copy = answer.importNode(row, true);
    copy.dataset.gone ??= Date.now();
    copy.classList.add("row--gone");
    const before = index && find(old[index - 1].id);
    if (before) before.after(copy);
    else answer.querySelector("[data-rows]")?.prepend(copy);
  }
}
