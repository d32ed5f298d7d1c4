/* What htmx could not do is said in words; the page stays as it is, so nothing typed is lost. */
import { leaveIfOut } from "./out.js";
import { showToast } from "./toast.js";

const WORDS = {
  403: "You may not do that. Reload the page if you think you should.",
  404: "That is no longer here.",
  409: "Somebody was faster. The page shows the newest state.",
  413: "That is too large to send.",
  429: "Too many requests. Wait a moment and try again.",
};

/** A form that came back refused: go where it is wrong. */
export function goToFault(place) {
  place.querySelector(".field--wrong :is(input:not([type=hidden], .sr-only), select, textarea)")?.focus();
}

goToFault(document);

/* A live refresh that fails is not the reader's act: the offline banner speaks for it. */
const isAsked = (detail) => detail.requestConfig?.triggeringEvent?.type === "click";
const isAct = (detail) => detail.requestConfig?.verb !== "get" || isAsked(detail);

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 404 && detail.requestConfig?.triggeringEvent?.type === "live") leaveIfOut();
  if (detail.xhr.getResponseHeader("HX-Trigger")) return; /* Then the answer says it itself. */
  if (isAct(detail)) showToast(WORDS[detail.xhr.status] ?? "That did not work. Nothing was lost; try again.", "error");
});
/* What one wants to change is held by somebody else (core/busy.py). */
document.addEventListener("busy", ({ detail }) => showToast(detail.words, "error"));
for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, ({ detail }) => {
    if (isAct(detail)) showToast("No connection. Nothing was lost; try again.", "error");
  });
}
