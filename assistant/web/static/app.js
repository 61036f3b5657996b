// Comfort only: every page works without it.
// A file larger than the server takes is refused here, before minutes are spent on sending it.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.limit) return;
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.limit));
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  if (tooLarge) input.reportValidity();
});
// Passwords are shown while they are typed, for whoever wants that; they are hidden again before they are sent or remembered.
const passwords = (form, type) => form.querySelectorAll("input[autocomplete$=password]").forEach((one) => { one.type = type; });
document.querySelectorAll(".reveal").forEach((line) => {
  line.hidden = false;
  line.addEventListener("change", ({ target }) => passwords(target.form, target.checked ? "text" : "password"));
  line.closest("form").addEventListener("submit", ({ target }) => passwords(target, "password"));
});
// A form that was sent is not sent twice by a second press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post") form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
const faults = document.getElementById("faults");
if (faults) faults.focus();
