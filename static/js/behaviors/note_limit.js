/* data-limit: the longest note the store takes; says so while one types, before anything is saved. */
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-limit]");
  if (!form) return;
  const limit = Number(form.dataset.limit);
  const length = [...target.value].length;
  const warning = form.parentElement.querySelector("[data-note-limit]");
  warning.hidden = length <= limit;
  const numbers = `${length.toLocaleString("en")} of ${limit.toLocaleString("en")} characters`;
  warning.querySelector("span").textContent = `${numbers}: it stays here, but is too long for the store.`;
});
