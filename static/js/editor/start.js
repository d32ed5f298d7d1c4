/* One editor: its surface, toolbar, draft and files, wired to each other. */
import { forget, recall, remember } from "../behaviors/drafts.js";
import { startConflicts } from "./conflicts.js";
import { startDiscarding } from "./discarding.js";
import { startDropping } from "./dropping.js";
import { rove } from "./roving.js";
import { startSaving } from "./saving.js";
import { openSurface } from "./surface.js";
import { startTools } from "./tools.js";
import { startTriggers } from "./triggers.js";
import { startUploading } from "./uploading.js";

/* What the browser kept and the server did not get: told apart from what another window saved meanwhile. */
function restore({ surface, saving, conflicts }, state) {
  const kept = recall(surface.field);
  if (!kept || kept.text === state.html) return forget(surface.field);
  const basis = JSON.parse(kept.basis || "{}");
  const isOurs = basis.version === state.version || basis.sent === state.html;
  surface.show(kept.text);
  if (isOurs) saving.changed();
  else conflicts.meet(state);
}

function startDraft(editor) {
  const { root, form, surface, uploads } = editor;
  const state = { html: surface.html(), version: Number(root.dataset.version), files: null };
  const conflicts = startConflicts(editor);
  const saving = startSaving(editor, conflicts.meet);
  editor.saving = saving;
  const listen = new AbortController();
  form.addEventListener("input", ({ target }) => target.name && saving.changed(), listen);
  form.addEventListener("change", ({ target }) => target.name && saving.changed(), listen);
  root.addEventListener("focusout", () => saving.save());
  window.addEventListener("pagehide", saving.leave, listen);
  window.addEventListener("online", saving.save, listen);
  startDiscarding(editor, conflicts.fill);
  restore({ surface, saving, conflicts }, state);
  editor.ready = async () => (await uploads.ready(), await saving.save());
  editor.sent = () => (saving.drop(), surface.show(""), uploads.show(""));
  return () => (listen.abort(), saving.stopTimer());
}

/* One without a draft on the server: the browser keeps what is typed until it was sent. */
function startKeeping(editor) {
  const { form, surface } = editor;
  const kept = recall(surface.field);
  if (kept && !surface.html()) surface.show(kept.text);
  const listen = new AbortController();
  form.addEventListener("input", () => remember(surface.field), listen);
  editor.sent = () => (forget(surface.field), surface.show(""));
  return () => listen.abort();
}

/** Starts the editor in `root`; answers it, with ready(), sent() and stop(). */
export function startEditor(root) {
  const form = root.closest("form");
  const status = root.querySelector("[data-editor-status]");
  let quiet = 0;
  const say = (text) => {
    clearTimeout(quiet);
    status.textContent = text;
    if (text === "Draft saved") quiet = setTimeout(() => (status.textContent = ""), 2_000);
  };
  const surface = openSurface(root);
  const editor = { root, form, surface, say, ready: () => Promise.resolve(), sent: () => {} };
  rove(root.querySelector("[role=toolbar]"));
  startTools(root, surface);
  if (root.dataset.repliesUrl) startTriggers(editor, surface);
  let stop = () => {};
  if (root.dataset.saveUrl) {
    editor.uploads = startUploading(editor, (version) => editor.saving.state.version || editor.saving.setVersion(version));
    startDropping(editor, surface.squire, editor.uploads.add);
    stop = startDraft(editor);
  } else stop = startKeeping(editor);
  editor.stop = () => (stop(), surface.stop());
  return editor;
}
