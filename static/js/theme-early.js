/* Runs before the first paint, so that a chosen theme does not flash: the only script that is not a module. */
(function () {
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (error) {
    /* Storage may be forbidden; then the system's theme stays. */
  }
})();
