/* The profile this page is about was merged into another (the server says so with the event "merged"): on to the
   other's page, which this one's address leads to; who is writing here is told, and keeps what they wrote. */
import { isLeavingUnsaved } from "./leaving.js";
import { showToast } from "./toast.js";

let told = null;

const isWritten = (form) => [...form.querySelectorAll("textarea, [data-editor-surface]")].some((field) => (field.value ?? field.textContent).trim());
const isWriting = () => isLeavingUnsaved() || [...document.querySelectorAll("form[data-composer]")].some(isWritten);

document.addEventListener("merged", ({ detail }) => {
  /* An act that was refused is told each time. */
  const isAct = detail.is_refused;
  if (!isAct && !isWriting()) return location.reload();
  if (told?.isConnected) told.remove();
  const link = document.createElement("a");
  link.href = detail.url;
  link.textContent = "Open it";
  const words = document.createElement("span");
  words.append(`${detail.words} ${isAct ? "Nothing was saved; what you wrote stays here." : "What you wrote stays here."} `, link);
  told = showToast(words, "warning");
});
