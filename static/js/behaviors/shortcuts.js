/* data-key="r": the key that focuses a field or presses a button. The person can switch single keys off. */
const OFF = "shortcuts-off";
const dialog = document.getElementById("keys");
const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

/* Of a row with several links, data-row-link is the one that Enter is for. */
const linkOf = (row) => row.querySelector("a[data-row-link]") ?? row.querySelector("a");

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => linkOf(row)?.offsetParent);
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const start = now < 0 ? rows.findIndex((row) => row.querySelector("a[aria-current]")) : now;
  const next = rows.length && linkOf(rows[Math.max(0, Math.min(rows.length - 1, start + by))]);
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  const panel = target.closest("[data-sheet-panel]");
  if (panel && !("open" in panel.dataset) && getComputedStyle(panel).position === "fixed") document.querySelector("[data-sheet]")?.click();
  const kind = target.closest(".composer__form--note") ? "note" : "reply";
  const choice = target.closest(".composer")?.querySelector(`[data-composer-kind][value="${kind}"]`);
  if (choice && !choice.checked) choice.click();
  if (target.matches("button, a")) target.click();
  else target.focus();
  return true;
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  c: () => document.querySelector("[data-sheet]")?.click(),
  x: () => document.activeElement.closest("[data-row]")?.querySelector("[data-pick], [data-row-drop]")?.click(),
  u: () => document.querySelector("[data-back]")?.click(),
  "?": () => dialog.showModal(),
};

function keyPressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.key === "Escape") return event.target.blur?.();
  if (isField(event.target) || localStorage.getItem(OFF)) return;
  if (acts[event.key]) acts[event.key]();
  else if (!press(event.key)) return;
  event.preventDefault();
}

document.addEventListener("keydown", keyPressed);
document.addEventListener("click", ({ target }) => target.closest("[data-keys]") && dialog.showModal());
const choice = dialog?.querySelector("[data-keys-off]");
if (choice) choice.checked = !localStorage.getItem(OFF);
choice?.addEventListener("change", () => {
  if (choice.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
