/* Gives a name to what Wagtail's editor leaves without one: texts inside of blocks,
   items of a list, the table's clipboard. Without it a screen reader says "edit text". */
const FIELDS = ":is([role='textbox'], textarea, select, input:not([type='hidden']))";
const UNNAMED = `${FIELDS}:not([aria-label], [aria-labelledby], [title])`;
let counted = 0;

function heading(field) {
  const label = field.closest(".w-field__wrapper, [data-field-wrapper]")?.querySelector("label");
  if (label) {
    label.id ||= `name-${(counted += 1)}`;
    return label.id;
  }
  return field.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
}

function nameAll(form) {
  for (const field of form.querySelectorAll(UNNAMED)) {
    const id = field.labels?.length ? null : heading(field);
    if (id) field.setAttribute("aria-labelledby", id);
  }
  document
    .querySelector("#HandsontableCopyPaste:not([aria-label])")
    ?.setAttribute("aria-label", "What is copied in the table");
}

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-edit-form]");
  if (!form) return;
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      nameAll(form);
    });
  };
  new MutationObserver(soon).observe(form, { childList: true, subtree: true });
  soon();
});
