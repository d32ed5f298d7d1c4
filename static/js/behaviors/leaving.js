/* data-leaving on a form: who leaves it with something changed is asked first, however they leave. Sent back refused,
   it comes with data-leaving="changed". An element with data-leaving-changed shows while something is changed. */
import { goToFault } from "./errors.js";

const WORDS = "Leave without saving? What you changed will be lost.";
const begun = new WeakMap();
let mayLeave = false;
let isReturning = false;
let sent = null;

/* What a form would send, without what is empty: a row that is only offered is no change. */
const said = (value) => (value instanceof File ? value.name : value);
const stateOf = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, said(value)]).filter(([, value]) => value));
const isChanged = (form) => form.dataset.leaving === "changed" || (begun.has(form) && stateOf(form) !== begun.get(form).state);
const formsIn = (place) => [...place.querySelectorAll("form[data-leaving]")].filter(isChanged);

/** Whether a form of this page would lose what was changed in it. */
export const isLeavingUnsaved = () => formsIn(document).length > 0;

function show(form) {
  for (const one of form.querySelectorAll("[data-leaving-changed]")) one.hidden = !isChanged(form);
}

function begin() {
  for (const form of document.querySelectorAll("form[data-leaving]")) {
    if (!begun.has(form)) begun.set(form, { state: stateOf(form), path: location.pathname });
    show(form);
  }
}

for (const type of ["input", "change"]) {
  document.addEventListener(type, ({ target }) => target.form?.matches("[data-leaving]") && show(target.form));
}

/* Sent as a plain form it leaves for good; htmx stops that, and asks below. */
document.addEventListener("submit", (event) => {
  mayLeave = !event.defaultPrevented && event.target.matches("[data-leaving]");
  if (!mayLeave) return;
  /* Pressed twice it is sent once. */
  if (sent === event.target) event.preventDefault();
  sent = event.target;
});
window.addEventListener("pageshow", () => ([mayLeave, sent] = [false, null]));
window.addEventListener("beforeunload", (event) => !mayLeave && formsIn(document).length && event.preventDefault());

/* What would take the place of the form without being its own sending. */
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  const isOver = formsIn(document).some((form) => form !== elt && target?.contains(form));
  if (isOver && !confirm(WORDS)) event.preventDefault();
});

/* Back, where edit mode was opened in its place: the address has changed already, and is changed back. */
function goneBack(event) {
  const isOver = formsIn(document).some((form) => begun.get(form)?.path !== location.pathname);
  const stays = isReturning || (isOver && !confirm(WORDS));
  if (stays) event.stopImmediatePropagation();
  else mayLeave = isOver;
  if (stays && !isReturning) history.forward();
  isReturning = stays && !isReturning;
}

window.addEventListener("popstate", goneBack, true);
/* A tab beside the form says in the address which one is open. */
document.addEventListener("htmx:replacedInHistory", () => {
  for (const form of document.querySelectorAll("form[data-leaving]")) if (begun.has(form)) begun.get(form).path = location.pathname;
});
document.addEventListener("htmx:load", begin);
/* A refused one came back in its place: go where it is wrong. */
document.addEventListener("htmx:afterSettle", ({ target }) => {
  begin();
  if (target.matches?.('[data-leaving="changed"]')) goToFault(target);
});
/* Saved in its place: on where one came from (data-leaving-to). */
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  if (detail.successful && form?.dataset?.leavingTo && !form.isConnected) document.querySelector(form.dataset.leavingTo)?.focus();
});
/* After other behaviors have made their fields. */
setTimeout(begin);
