/* One stream per browser, not per tab: over HTTP/1.1 a seventh tab would never load. The tab that holds the lock reads
   the stream and tells the others; a tab that comes later asks it what has changed since its page was made. */
import { openStream } from "./stream.js";

const KEPT = 60_000;
const SLACK = 2_000; /* The clocks of two servers differ. */
const PATIENCE = 400;

/** Calls `hear` with {name} ("*": everything may have changed) and {up}. `last` is the page's moment by the server's
    clock, in milliseconds. Returns what starts to take part and what lets go. */
export function joinTabs(url, last, hear) {
  const channel = new BroadcastChannel(`live:${url}`);
  const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let from = 0;
  let kept = [];
  let leading = false;
  let unanswered = 0;
  let leave = null;

  function take(message) {
    last = Math.max(last, message.at ?? 0);
    hear(message);
  }

  function tell(message) {
    if (message.name) kept = [...kept.filter((one) => one.at > message.at - KEPT), message];
    channel.postMessage(message);
    take(message);
  }

  function answer({ ask, by }) {
    const known = ask >= Math.max(from, last - KEPT);
    const names = new Set(kept.filter((one) => one.at >= ask - SLACK).map((one) => one.name));
    channel.postMessage({ to: by, names: known ? [...names] : ["*"] });
  }

  function answered(names) {
    clearTimeout(unanswered);
    unanswered = 0;
    for (const name of names.includes("*") ? ["*"] : names) hear({ name });
  }

  function lead() {
    [leading, from, kept] = [true, last, []];
    if (unanswered) answered([]);
    channel.postMessage({ led: true });
    return openStream(url, () => last, tell);
  }

  /* Leads when the lock comes free, at once where there are no locks. */
  function compete() {
    if (leave) return;
    const giveUp = new AbortController();
    leave = () => ((leave = null), giveUp.abort());
    const held = () =>
      new Promise((done) => {
        const close = lead();
        giveUp.signal.addEventListener("abort", () => done(close(), (leading = false)));
      });
    if (!navigator.locks) return void held();
    navigator.locks.request(`live:${url}`, { signal: giveUp.signal }, held).catch((error) => {
      if (error.name !== "AbortError") throw error;
    });
  }

  channel.onmessage = ({ data }) => {
    if (data.ask) return void (leading && answer(data));
    if (data.led) return void (unanswered && channel.postMessage({ ask: last, by: me }));
    if (data.to) return void (data.to === me && unanswered && answered(data.names));
    take(data);
  };
  unanswered = setTimeout(answered, PATIENCE, ["*"]);
  channel.postMessage({ ask: last, by: me });
  return { compete, rest: () => leave?.() };
}
