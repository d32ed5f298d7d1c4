/* data-place: a list that comes again, on this page or beside a ticket, stands where one left it. */
const list = document.querySelector("[data-place]");
const key = list && `place:${list.dataset.place}`;
const scroller = list?.querySelector("[data-list-scroll]");

/* The first row in view and how far down it stands: rows are not as high on every page. */
function remember() {
  if (!scroller.offsetHeight) return;
  const top = scroller.getBoundingClientRect().top;
  const first = [...list.querySelectorAll("[data-row]")].find((row) => row.getBoundingClientRect().bottom > top);
  if (!first || !scroller.scrollTop) return sessionStorage.removeItem(key);
  sessionStorage.setItem(key, JSON.stringify([first.id, first.getBoundingClientRect().top - top]));
}

function restore() {
  const [id, offset] = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  const row = id && document.getElementById(id);
  if (row) scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset;
  list.querySelector("[data-row] [aria-current]")?.scrollIntoView({ block: "nearest" });
}

if (list) {
  restore();
  window.addEventListener("pagehide", remember);
}
