/* data-copy="text": puts that text on the clipboard and says so. */
import { showToast } from "./toast.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    showToast("Copied");
  } catch {
    showToast("The browser did not allow copying. Mark the text and copy it by hand.", "error");
  }
});
