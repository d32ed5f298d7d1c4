/* data-undo="8": the seconds in which a message just sent may be taken back. Counts down without moving anything, then
   offers it no more. Of several the newest answers to the key z; where none waits, what the newest toast undoes. */
const ROUNDED = 1_500;
const ends = new Map();
const heard = new WeakMap();
const messageOf = (form) => form.id.replace(/-toast$/, "");

/* The server's clock may differ from ours: it says how long, not until when, and says so anew in each refresh. The
   toast and the message count as one. */
function leftOf(form) {
  const said = form.dataset.undo;
  if (heard.get(form) !== said) {
    heard.set(form, said);
    const end = performance.now() + Number(said) * 1000;
    const known = ends.get(messageOf(form));
    if (!known || Math.abs(known - end) > ROUNDED) ends.set(messageOf(form), end);
  }
  return ends.get(messageOf(form)) - performance.now();
}

function close(form) {
  if (form.matches(".toast")) return form.remove();
  form.querySelector("[data-undo-words]").textContent = "Sending";
  form.querySelector("[data-undo-button]").hidden = true;
}

function tick() {
  const buttons = [];
  for (const form of document.querySelectorAll("form[data-undo]")) {
    const left = leftOf(form);
    if (left <= 0) {
      close(form);
      continue;
    }
    const count = form.querySelector("[data-undo-count]");
    const seconds = String(Math.ceil(left / 1000));
    if (count && count.textContent !== seconds) count.textContent = seconds;
    buttons.push(form.querySelector("[data-undo-button]"));
  }
  const others = [...document.querySelectorAll(".toast__undo button")];
  for (const button of [...buttons, ...others]) delete button.dataset.key;
  const newest = buttons.filter((button) => !button.closest(".toast")).at(-1) ?? buttons.at(-1) ?? others.at(-1);
  if (newest) newest.dataset.key = "z";
}

/* Pressed: the toast has said what it had to. */
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches("form[data-undo]") || !detail.successful) return;
  document.getElementById(`${messageOf(detail.elt)}-toast`)?.remove();
});

setInterval(tick, 200);
/* A message that has just arrived, or been refreshed, has no key until the next count: give it before the key is read. */
document.addEventListener("keydown", ({ key }) => key === "z" && tick(), true);
