/* data-note: a note that reads as text, becomes a field on a click and saves itself when one leaves it. */
import { forget, recall, remember } from "./drafts.js";
import { hold, release } from "./morph.js";
import { canOutlive, isDirty, save } from "./note_saving.js";

const EDITING_EVERY = 20_000;
const formOf = (element) => element.closest?.("[data-note]");
let editingTimer = 0;

function sayEditing(form, done = "") {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const body = new URLSearchParams({ done });
  fetch(form.dataset.editingUrl, { method: "POST", headers, body, keepalive: true }).catch(() => {
    /* Only a courtesy to others; the save itself reports its errors. */
  });
}

function begin(form) {
  hold(form.elements.text);
  hold(form.elements.version);
  sayEditing(form);
  clearInterval(editingTimer);
  editingTimer = setInterval(() => (form.isConnected ? sayEditing(form) : clearInterval(editingTimer)), EDITING_EVERY);
}

function end(form) {
  clearInterval(editingTimer);
  if (isDirty(form)) return void save(form); /* Which says by itself that the writing is over. */
  sayEditing(form, "yes");
  release(form.elements.text);
  release(form.elements.version);
  if (form.dataset.version !== form.elements.version.value) {
    form.closest("[data-live]").dispatchEvent(new CustomEvent("live"));
  }
}

function showChanges() {
  for (const form of document.querySelectorAll("[data-note]")) {
    const changed = form.dataset.version !== form.elements.version.value;
    const hint = form.parentElement.querySelector("[data-note-changed]");
    hint.hidden = !changed;
    if (!changed) continue;
    const who = form.dataset.updatedBy || "somebody else";
    hint.textContent = `Changed by ${who} while you write. Your text is kept beside theirs.`;
  }
}

/* A text that never arrived is sent again with the version it was based on, so it overwrites nothing unseen. */
function restore() {
  for (const form of document.querySelectorAll("[data-note]")) {
    const { text, version } = form.elements;
    const draft = recall(text);
    if (!draft || draft.text === text.value) continue;
    text.value = draft.text;
    version.value = draft.basis;
    save(form);
  }
}

function leavePage() {
  for (const form of document.querySelectorAll("[data-note]")) {
    const outlives = canOutlive(form);
    if (isDirty(form)) save(form);
    else if (document.activeElement === form.elements.text) sayEditing(form, "yes");
    if (navigator.onLine && outlives) forget(form.elements.text);
  }
}

document.addEventListener("focusin", ({ target }) => formOf(target) && target.name === "text" && begin(formOf(target)));
document.addEventListener("focusout", ({ target }) => formOf(target) && target.name === "text" && end(formOf(target)));
document.addEventListener("input", ({ target }) => {
  if (!formOf(target)) return;
  remember(target, formOf(target).elements.version.value);
});
document.addEventListener("htmx:afterSwap", showChanges);
window.addEventListener("pagehide", leavePage);
restore();
