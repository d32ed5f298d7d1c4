/* data-live="ticket-42": the element fetches itself again when the server says that name has changed.

   The stream carries names, never contents. A tab hidden for a minute stops leading.
   data-apart: an element inside another that came by a URL of its own, so the outer one does not bring it along.
   data-live-wait="4000": at most once in about so many milliseconds, for what is dear and not read closely. */
import { showConnection } from "./offline.js";
import { leaveIfOut } from "./out.js";
import { joinTabs } from "./tabs.js";

const HIDDEN_LIMIT = 60_000;
const { stream: url, liveSince } = document.body.dataset;
const missed = new Set();
const due = new WeakSet();

function wake(element, delay) {
  if (due.has(element)) return;
  due.add(element);
  setTimeout(() => {
    due.delete(element);
    element.dispatchEvent(new CustomEvent("live"));
  }, delay);
}

function refresh(name) {
  if (document.hidden) return missed.add(name);
  for (const element of document.querySelectorAll("[data-live]")) {
    /* After a broken connection every tab of every agent asks at once: spread them, and only the outermost ask. */
    const wait = (element.dataset.liveWait ?? 0) * (0.5 + Math.random());
    if (name !== "*" && element.dataset.live.split(" ").includes(name)) wake(element, wait || 20);
    const isOuter = "apart" in element.dataset || !element.parentElement.closest("[data-live]");
    if (name === "*" && isOuter) wake(element, Math.random() * 500);
  }
}

function hear({ name, up, refused }) {
  if (name) refresh(name);
  if (refused) leaveIfOut();
  if (up !== undefined) showConnection(up);
}

if (url) {
  const { compete, rest } = joinTabs(url, Number(liveSince) || 0, hear);
  let hiddenTimer = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) return void (hiddenTimer = setTimeout(rest, HIDDEN_LIMIT));
    compete();
    for (const name of missed.has("*") ? ["*"] : missed) refresh(name);
    missed.clear();
  });
  window.addEventListener("pageshow", (event) => event.persisted && refresh("*"));
  compete();
}
