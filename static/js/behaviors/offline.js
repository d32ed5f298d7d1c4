/* The banner that says live updates have stopped; a short break does not show it, and it heals by itself. */
const GRACE = 3_000;
let timer = 0;

/** Shows whether the stream is up. */
export function showConnection(up) {
  clearTimeout(timer);
  const banner = document.getElementById("offline");
  if (up) banner.hidden = true;
  else timer = setTimeout(() => (banner.hidden = false), GRACE);
}
