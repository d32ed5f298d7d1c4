/* data-letter: the frame of a letter is as high as what it shows, up to a limit. Whoever asked for a letter's pictures
   gets them the next time as well: this browser remembers the newest few hundred such letters, the server none. */
const HIGHEST = 1_600;
const MOST = 300;
const KEPT = "letters-with-pictures";

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function remember(key, shows) {
  const others = remembered().filter((one) => one !== key);
  localStorage.setItem(KEPT, JSON.stringify((shows ? [...others, key] : others).slice(-MOST)));
}

function fit(frame, page) {
  frame.style.blockSize = "";
  frame.style.blockSize = `${Math.min(page.documentElement.scrollHeight + 2, HIGHEST)}px`;
}

document.addEventListener("load", ({ target: frame }) => {
  const page = frame.matches?.("iframe[data-letter]") && frame.contentDocument;
  if (!page?.body) return;
  const link = page.querySelector("[data-letter-pictures]");
  const { letterKey: key, letterPictures: offers } = link?.dataset ?? {};
  if (offers === "show" && remembered().includes(key)) return page.location.replace(link.href);
  link?.addEventListener("click", () => remember(key, offers === "show"));
  /* A narrower window makes a longer letter. */
  let width = 0;
  new ResizeObserver(() => {
    if (width === frame.clientWidth) return;
    width = frame.clientWidth;
    fit(frame, page);
  }).observe(page.documentElement);
}, true);
