/* Holds a form back while it saves by itself. Until that is answered the form of something
   new does not know that it exists already: sent as well, it would be made twice. */
let saving = null;
let held = null;

function hold(event) {
  // Whoever prevents a saving hears no more of it.
  if (!saving || saving.defaultPrevented || !event.target.matches("[data-edit-form]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held = { form: event.target, button: event.submitter };
}

function release() {
  saving = null;
  if (!held) return;
  const { form, button } = held;
  held = null;
  if (button?.name) {
    // The button itself is disabled by now, and so would not be sent.
    const { name, value } = button;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.requestSubmit();
}

document.addEventListener("w-autosave:save", (event) => { saving = event; });
document.addEventListener("w-autosave:success", release);
document.addEventListener("w-autosave:error", release);
document.addEventListener("submit", hold, { capture: true });
