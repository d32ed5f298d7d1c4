/* data-theirs: beside a field that a colleague changed meanwhile: what they wrote takes the place of what stands there.
   The form carries it as what was there before (Django's initial- inputs). */
const PLACES = ".field, .reach__row, .reach__group";
const FIELDS = "input:not([type=hidden], [type=file]), select, textarea";

function take(input, theirs) {
  const isBox = ["checkbox", "radio"].includes(input.type);
  const isOne = input.type === "checkbox" && input.value === "on";
  if (isBox) input.checked = isOne ? theirs.some((value) => value && value !== "False") : theirs.includes(input.value);
  else input.value = theirs[0] ?? "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theirs]");
  const place = button?.closest(PLACES);
  if (!place) return;
  const isGroup = place.matches(".reach__group");
  const inputs = [...place.querySelectorAll(isGroup ? "[type=radio]" : FIELDS)].filter(({ name, type }) => name && (isGroup || type !== "radio"));
  const before = [...place.querySelectorAll("input[type=hidden]")];
  for (const input of inputs) {
    take(input, before.filter(({ name }) => name === `initial-${input.name}`).map(({ value }) => value));
    input.removeAttribute("aria-invalid");
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
  }
  place.classList.remove("field--wrong");
  button.closest(".field__error").remove();
  (inputs.find((input) => input.checked) ?? inputs[0])?.focus();
});
