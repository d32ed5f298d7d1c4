/* data-letter: the frame of a letter is as high as what it shows, up to a limit. */
const HIGHEST = 1_600;

document.addEventListener("load", ({ target }) => {
  if (!target.matches?.("iframe[data-letter]") || !target.contentDocument) return;
  const height = target.contentDocument.documentElement.scrollHeight;
  target.style.blockSize = `${Math.min(height + 2, HIGHEST)}px`;
}, true);
