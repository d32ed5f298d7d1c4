/* data-sheet="customer": opens that panel over the page where the window is too narrow for a column. */
let opener = null;
const open = () => document.querySelector("[data-sheet-panel][data-open]");

function others(panel) {
  return [...panel.parentElement.children, document.getElementById("rail")].filter((one) => one && one !== panel);
}

function show(panel, button) {
  opener = button;
  panel.dataset.open = "";
  for (const other of others(panel)) other.inert = true;
  panel.focus();
}

function close() {
  const panel = open();
  if (!panel) return;
  delete panel.dataset.open;
  for (const other of others(panel)) other.inert = false;
  opener?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-sheet]");
  const panel = link && document.getElementById(link.dataset.sheet);
  if (panel && getComputedStyle(panel).position === "fixed") {
    event.preventDefault();
    show(panel, link);
  } else if (event.target.closest("[data-sheet-close]") || (open() && !open().contains(event.target) && !event.target.closest("dialog"))) {
    close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open() || event.target.matches("textarea")) return;
  if (document.querySelector("[popover]:popover-open, dialog[open]")) return; /* The key closes what lies on top. */
  close();
  event.stopPropagation();
}, true);

window.matchMedia("(min-width: 1200px)").addEventListener("change", close);
