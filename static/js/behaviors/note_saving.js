/* Sends a note home. A closing tab still delivers: the request outlives the page (keepalive). */
import { forget } from "./drafts.js";
import { become, release } from "./morph.js";
import { say, sayBriefly } from "./note_state.js";

const KEEPALIVE_LIMIT = 60_000;
const RETRY_AFTER = 5_000;
const onTheWay = new WeakMap();
/* As the server keeps and compares notes: no blanks at the end. */
const plain = (text) => text.replaceAll("\r\n", "\n").trimEnd();

/** Whether the field holds words that neither the server nor a request on its way has. */
export function isDirty(form) {
  const { text } = form.elements;
  return plain(text.value) !== plain(onTheWay.get(form) ?? text.defaultValue);
}

const bodyOf = (form) => new URLSearchParams(new FormData(form));

/** Whether a save of the note would reach the server even when the page is closed meanwhile. */
export function canOutlive(form) {
  return bodyOf(form).toString().length < KEEPALIVE_LIMIT;
}

/** Saves the note; the answer is the note as it is now, with the typed text or, when it came too late, beside it. */
export async function save(form) {
  const sent = form.elements.text.value;
  onTheWay.set(form, sent);
  say(form, "Saving…");
  try {
    show(form, sent, await post(form));
    onTheWay.delete(form);
  } catch (problem) {
    onTheWay.delete(form);
    say(form, problem.final ? `Not saved. ${problem.message}` : "Not saved yet. Trying again");
    if (!problem.final) setTimeout(() => form.isConnected && isDirty(form) && save(form), RETRY_AFTER);
  }
}

async function post(form) {
  const body = bodyOf(form);
  const keepalive = canOutlive(form);
  const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.action, { method: "POST", body, headers, keepalive });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  const html = await answer.text();
  if (answer.ok && !elsewhere) return html;
  const reason = parse(html).querySelector("[data-note-error]")?.textContent ?? "";
  throw Object.assign(new Error(reason), { final: answer.status < 500 && answer.status !== 429 });
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

function show(form, sent, html) {
  const { text, version } = form.elements;
  const answer = parse(html).querySelector("[data-note]");
  const typedOn = plain(text.value) !== plain(sent);
  const accepted = plain(answer.elements.text.defaultValue) === plain(sent);
  if (!typedOn) forget(text);
  if (!typedOn && document.activeElement !== text) {
    release(text);
    release(version);
  } else if (accepted) {
    /* Typing goes on: the next save builds on this one. After a refused one it must not. */
    version.value = answer.elements.version.value;
    text.defaultValue = sent;
  }
  become(form.closest("[data-live]"), html);
  sayBriefly(form, accepted ? "Saved" : "Kept as a second version");
}
