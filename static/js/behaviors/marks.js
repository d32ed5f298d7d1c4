/* data-marks: two marks that seldom go together. Setting one offers to clear the other, which stays unless one wants. */
function offer(box, set) {
  for (const one of box.querySelectorAll("[data-marks-offer]")) {
    const other = box.querySelector(`input[name="${CSS.escape(one.dataset.marksOffer)}"]`);
    one.hidden = !(set.checked && other !== set && other.checked);
  }
}

document.addEventListener("change", ({ target }) => {
  const box = target.closest("[data-marks]");
  if (box) offer(box, target);
});

document.addEventListener("click", ({ target }) => {
  const clear = target.closest("[data-marks-clear]");
  if (!clear) return;
  const other = clear.closest("[data-marks]").querySelector(`input[name="${CSS.escape(clear.dataset.marksClear)}"]`);
  other.checked = false;
  other.dispatchEvent(new Event("change", { bubbles: true }));
  other.focus();
});
