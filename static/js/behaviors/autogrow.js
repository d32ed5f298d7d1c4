/* data-autogrow: a field as high as its text, where the browser has no `field-sizing: content`. */
if (!CSS.supports("field-sizing", "content")) {
  const grow = (field) => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  const growAll = () => document.querySelectorAll("[data-autogrow]").forEach(grow);
  document.addEventListener("input", ({ target }) => target.matches("[data-autogrow]") && grow(target));
  document.addEventListener("htmx:afterSettle", growAll);
  growAll();
}
