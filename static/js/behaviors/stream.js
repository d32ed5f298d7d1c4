/* The event stream of one workspace: reads names, reconnects by itself, says when it is up and when it is not. */
const LONGEST_WAIT = 30_000;

/** Calls `tell` with {name} for what changed ("*": everything may have) and {up} for the connection. Returns a closer. */
export function openStream(url, tell) {
  let source = null;
  let timer = 0;
  let wait = 1_000;

  function connect() {
    source = new EventSource(url);
    source.addEventListener("changed", (event) => tell({ name: event.data }));
    source.addEventListener("resync", () => tell({ name: "*" }));
    source.onopen = opened;
    source.onerror = failed;
  }

  /* What was missed meanwhile needs no care here: the server begins every stream with a resync. */
  function opened() {
    wait = 1_000;
    tell({ up: true });
  }

  function failed() {
    tell({ up: false });
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
