/* data-limit: the longest note the store takes; says so while one types, before anything is saved. Counted as the store
   does: an emoji is as many characters as it has code points, and blanks at the end are not saved. */
function check(form) {
  const limit = Number(form.dataset.limit);
  const length = [...form.elements.text.value.trimEnd()].length;
  const warning = form.parentElement.querySelector("[data-note-limit]");
  warning.hidden = length <= limit;
  const numbers = `${length.toLocaleString("en")} of ${limit.toLocaleString("en")} characters`;
  warning.querySelector("span").textContent = `${numbers}: it stays here, but is too long for the store.`;
}

const checkAll = () => document.querySelectorAll("form[data-limit]").forEach(check);

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-limit]");
  if (form) check(form);
});
document.addEventListener("htmx:afterSwap", checkAll);
checkAll();
