/* The event stream of one workspace: reads names, reconnects by itself, says when it is up and when it is not. */
const LONGEST_WAIT = 30_000;

/** Calls `tell` with {name, at} for what changed ("*": everything may have), {at} as a sign of life, {up} for the
    connection; `at` is the server's moment. The server tells anew what came after `last()`. Returns a closer. */
export function openStream(url, last, tell) {
  let source = null;
  let timer = 0;
  let wait = 1_000;

  function connect() {
    source = new EventSource(`${url}?since=${last()}`);
    source.addEventListener("changed", (event) => tell({ name: event.data, at: Number(event.lastEventId) }));
    source.addEventListener("resync", (event) => tell({ name: "*", at: Number(event.lastEventId) }));
    source.addEventListener("alive", (event) => tell({ at: Number(event.lastEventId) }));
    source.onopen = opened;
    source.onerror = failed;
  }

  /* What was missed meanwhile needs no care here: the server tells it, or says that it cannot. */
  function opened() {
    wait = 1_000;
    tell({ up: true });
  }

  function failed() {
    const refused = source.readyState === EventSource.CLOSED;
    tell({ up: false, refused });
    if (!refused) return;
    timer = setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
