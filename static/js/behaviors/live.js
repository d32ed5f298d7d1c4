/* data-live="ticket-42": the element fetches itself again when the server says that name has changed.

   One stream per browser, not per tab: over HTTP/1.1 a seventh tab would never load. The tab that holds the lock reads
   the stream and tells the others. A tab hidden for a minute lets go. The stream carries names, never contents.
   data-apart: an element inside another that came by a URL of its own, so the outer one does not bring it along. */
import { showConnection } from "./offline.js";
import { openStream } from "./stream.js";

const HIDDEN_LIMIT = 60_000;
const url = document.body.dataset.stream;
const channel = url && new BroadcastChannel(`live:${url}`);
const missed = new Set();
const due = new WeakSet();
let stop = null;
let leading = false;

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
    if (name !== "*" && element.dataset.live.split(" ").includes(name)) wake(element, 20);
    const isOuter = "apart" in element.dataset || !element.parentElement.closest("[data-live]");
    if (name === "*" && isOuter) wake(element, Math.random() * 500);
  }
}

function hear({ name, up }) {
  if (name) refresh(name);
  if (up !== undefined) showConnection(up);
}

function tellAll(message) {
  channel.postMessage(message);
  hear(message);
}

/* Leads when the lock comes free, at once where there are no locks; `stop` ends the leading or the waiting. */
function compete() {
  if (stop) return;
  const giveUp = new AbortController();
  stop = () => ((stop = null), giveUp.abort());
  const lead = () =>
    new Promise((done) => {
      leading = true;
      const close = openStream(url, tellAll);
      giveUp.signal.addEventListener("abort", () => done(close(), (leading = false)));
    });
  if (!navigator.locks) return void lead();
  navigator.locks.request(`live:${url}`, { signal: giveUp.signal }, lead).catch((error) => {
    if (error.name !== "AbortError") throw error;
  });
}

let hiddenTimer = 0;
function visibilityChanged() {
  clearTimeout(hiddenTimer);
  if (document.hidden) return void (hiddenTimer = setTimeout(() => stop?.(), HIDDEN_LIMIT));
  compete();
  for (const name of missed.has("*") ? ["*"] : missed) refresh(name);
  missed.clear();
}

if (url) {
  channel.onmessage = ({ data }) => hear(data);
  document.addEventListener("visibilitychange", visibilityChanged);
  window.addEventListener("pageshow", (event) => event.persisted && refresh("*"));
  compete();
  /* The server tells the leader to catch up; a tab that follows does so by itself. */
  setTimeout(() => leading || refresh("*"), 300);
}
