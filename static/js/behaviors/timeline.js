/* data-timeline: starts at the newest message; what arrives while one reads further up is announced, not jumped to.
   data-timeline="inside": one of several parts of a page, which is not moved for it; every line counts. */
const NEAR = 80;

function watch(scroller) {
  scroller.dataset.watched = "";
  const known = new Set();
  const pill = document.createElement("button");
  pill.className = "pill scroll__pill";
  pill.type = "button";
  pill.hidden = true;
  scroller.append(pill);
  let first = null;
  let count = 0;
  let atEnd = true;

  const entries = () => scroller.querySelectorAll("[data-entry]");
  const writing = () => document.activeElement?.closest(".composer");

  const isInside = scroller.dataset.timeline === "inside";
  const counts = (entry) => isInside || entry.dataset.entry === "message";

  function reveal(entry) {
    if (isInside) return void (scroller.scrollTop = scroller.scrollHeight);
    /* A message longer than the window shows its beginning. */
    const tall = entry.offsetHeight > scroller.clientHeight - NEAR;
    entry.scrollIntoView({ block: tall ? "start" : "end" });
    if (!tall && entry === [...entries()].at(-1)) scroller.scrollTop = scroller.scrollHeight;
  }

  function clear() {
    count = 0;
    first = null;
    pill.hidden = true;
  }

  function arrived(fresh) {
    const messages = fresh.filter(counts);
    const own = writing() && !fresh.at(-1).matches(".message--in");
    if (atEnd || own) return reveal(messages.at(-1) ?? fresh.at(-1));
    if (!messages.length) return;
    first ??= messages[0];
    count += messages.length;
    pill.textContent = isInside ? `${count} new` : `${count} new message${count === 1 ? "" : "s"}`;
    pill.hidden = false;
    document.getElementById("announcer").textContent = pill.textContent;
  }

  /* What is new at the end; an earlier part that was asked for comes before what is known. */
  function learn() {
    const all = [...entries()];
    const fresh = all.slice(all.findLastIndex((entry) => known.has(entry.id)) + 1);
    for (const entry of all) known.add(entry.id);
    return fresh;
  }

  /* An earlier part takes its place above without moving what is read. */
  let height = 0;
  scroller.addEventListener("htmx:beforeSwap", ({ target }) => (height = target.closest("[data-earlier]") ? scroller.scrollHeight : 0));
  scroller.addEventListener("htmx:afterSwap", () => {
    if (height) scroller.scrollTop += scroller.scrollHeight - height;
    height = 0;
  });

  learn();
  if (known.size) reveal([...entries()].at(-1));
  pill.addEventListener("click", () => (document.getElementById(first?.id)?.scrollIntoView({ block: isInside ? "nearest" : "start" }), clear()));
  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - NEAR;
    if (atEnd) clear();
  });
  new MutationObserver(() => {
    const fresh = learn();
    if (fresh.length) arrived(fresh);
  }).observe(scroller, { childList: true, subtree: true });
}

const watchAll = () => document.querySelectorAll("[data-timeline]:not([data-watched])").forEach(watch);
document.addEventListener("htmx:load", watchAll);
watchAll();
