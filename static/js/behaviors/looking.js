/* data-looking="url": says that this ticket is before somebody's eyes and when they type, so that colleagues see it. */
const EVERY = 20_000;
const TYPED_EVERY = 4_000;
const STOPPED_AFTER = 6_000;
const TYPING_SHOWN = 9_000; /* Nobody says when a colleague's page has died in the middle of a word. */

const shown = () => document.querySelector("[data-looking]");
let typedAt = -Infinity;
let toldAt = -Infinity;
let stopTimer = 0;
let freshTimer = 0;

const refresh = () => shown()?.dispatchEvent(new CustomEvent("live"));
const isTyping = () => performance.now() - typedAt < STOPPED_AFTER;

async function tell(words) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  try {
    await fetch(shown().dataset.looking, { method: "POST", body: new URLSearchParams(words), headers, keepalive: true });
  } catch {
    /* Only a courtesy to others; the offline banner says that the connection is gone. */
  }
}

async function look() {
  if (document.hidden || !shown()) return;
  await tell(isTyping() ? { typing: "1" } : {});
  refresh();
}

function stopTyping() {
  clearTimeout(stopTimer);
  if (typedAt === -Infinity) return;
  typedAt = toldAt = -Infinity;
  if (shown()) tell({});
}

function typed() {
  const now = performance.now();
  typedAt = now;
  clearTimeout(stopTimer);
  stopTimer = setTimeout(stopTyping, STOPPED_AFTER);
  if (now - toldAt < TYPED_EVERY || !shown()) return;
  toldAt = now;
  tell({ typing: "1" });
}

document.addEventListener("input", ({ target }) => target.closest?.(".composer") && typed());
document.addEventListener("submit", ({ target }) => target.closest?.(".composer") && stopTyping());
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches?.("[data-looking]") || !target.querySelector("[data-typing]")) return;
  clearTimeout(freshTimer);
  freshTimer = setTimeout(refresh, TYPING_SHOWN);
});
document.addEventListener("visibilitychange", () => {
  if (!shown()) return;
  if (document.hidden) tell({ gone: "1" });
  else look();
});
addEventListener("pagehide", () => shown() && tell({ gone: "1" }));
setInterval(look, EVERY);
look();
