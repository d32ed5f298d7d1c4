/* The draft on the server, as one types: a second after a pause, on leaving the field, on leaving the page.

   One request at a time, so each knows the version it is based on. Until the server has it, the browser keeps it. */
import { forget, remember } from "../behaviors/drafts.js";

const PAUSE = 1_000;
const AGAIN = 10_000;

/** Starts keeping. `meet` is called with what another window made of the draft. */
export function startSaving(editor, meet) {
  const { root, form, surface, say } = editor;
  const state = { version: Number(root.dataset.version), dirty: false, held: false, running: null };
  let timer = 0;

  function body() {
    const data = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "files", "text", "close"]) data.delete(name);
    data.set("kind", root.dataset.kind);
    data.set("version", state.version);
    return new URLSearchParams(data);
  }

  function took(answer) {
    setVersion(answer.version);
    if (!state.dirty) forget(surface.field);
    say(answer.version ? "Draft saved" : "");
  }

  async function judge(response) {
    if (response.ok && !response.redirected) return took(await response.json());
    if (response.status === 409) return meet(await response.json());
    if (response.status === 422) return say((await response.json()).error);
    throw new Error(`draft: ${response.status}`);
  }

  function post(options) {
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
    return fetch(root.dataset.saveUrl, { method: "POST", headers, body: body(), ...options });
  }

  async function save() {
    clearTimeout(timer);
    await state.running;
    if (!state.dirty || state.held || !root.isConnected) return;
    state.dirty = false;
    remember(surface.field, JSON.stringify({ version: state.version, sent: surface.html() }));
    state.running = post().then(judge).catch(() => {
      state.dirty = true;
      timer = setTimeout(save, AGAIN);
      say("Not saved yet; kept in this browser");
    });
    await state.running;
    state.running = null;
  }

  function changed() {
    state.dirty = true;
    remember(surface.field, JSON.stringify({ version: state.version }));
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  function setVersion(version) {
    state.version = version;
    root.querySelector("[data-editor-discard]").hidden = !version;
  }

  /* Nothing of this window is to reach the server any more: it was sent, or discarded. */
  function drop() {
    clearTimeout(timer);
    state.dirty = false;
    setVersion(0);
    forget(surface.field);
  }

  const leave = () => state.dirty && !state.held && post({ keepalive: true }).catch(() => {
    /* The page is going; the browser's own copy is sent when it comes back. */
  });
  return { state, save, changed, setVersion, drop, leave, stopTimer: () => clearTimeout(timer) };
}
