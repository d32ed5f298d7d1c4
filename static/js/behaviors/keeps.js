/* data-keeps: a link that chooses one side of every field of its form; without scripts its page does. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-keeps]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const radio of link.closest("form").querySelectorAll(`[type=radio][value="${link.dataset.keeps}"]`)) radio.checked = true;
});
