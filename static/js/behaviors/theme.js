/* data-theme-switch: light, dark, or as the system is; kept in this browser. theme-early.js sets it before paint. */
const root = document.documentElement;

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  const current = root.dataset.theme ?? "system";
  for (const choice of group.querySelectorAll("input")) choice.checked = choice.value === current;
  group.addEventListener("change", ({ target }) => {
    if (target.value === "system") {
      delete root.dataset.theme;
      localStorage.removeItem("theme");
    } else {
      root.dataset.theme = target.value;
      localStorage.setItem("theme", target.value);
    }
  });
}
