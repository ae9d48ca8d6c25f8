// What the elements say themselves, in the languages in which they can say it.

const WORDS = {
  en: {
    again: "Try again",
    back: "Back to the text",
    by: "By {who}",
    corrected: "Corrections",
    correction: "{day}: {note}",
    distrust: "Please do not rely on it.",
    disclaimer:
      "This article informs. It does not replace the advice of a clinician who knows you.",
    empty: "There are no articles at the moment.",
    ended: "The clinic no longer offers this article",
    failed: "The articles cannot be fetched at the moment.",
    failedOne: "The article cannot be fetched at the moment. It will be tried again.",
    from: "From {who}",
    instead: "Read this instead",
    missing: "There is no such article",
    original: "Read the original",
    picture: "Picture: {who}",
    references: "References",
    reviewed: "Medically reviewed by {who} on {day}",
    reviewedBy: "Medically reviewed by {who}",
    reviewedOn: "Last reviewed on {day}",
    since: "Since {day}.",
    slow: "This takes longer than usual.",
    table: "Table",
    terms: "Terms: ",
    whole: "Read the whole article",
    withdrawn: "The clinic has withdrawn this article",
  },
  es: {
    again: "Reintentar",
    back: "Volver al texto",
    by: "Por {who}",
    corrected: "Correcciones",
    correction: "{day}: {note}",
    distrust: "Por favor, no siga sus indicaciones.",
    disclaimer:
      "Este artículo es informativo. No sustituye el consejo de un profesional que le conozca.",
    empty: "No hay artículos por el momento.",
    ended: "La clínica ya no ofrece este artículo",
    failed: "Los artículos no están disponibles por el momento.",
    failedOne: "El artículo no está disponible por el momento. Se intentará de nuevo.",
    from: "De {who}",
    instead: "Lea esto en su lugar",
    missing: "No existe tal artículo",
    original: "Leer el original",
    picture: "Imagen: {who}",
    references: "Referencias",
    reviewed: "Revisado médicamente por {who} el {day}",
    reviewedBy: "Revisado médicamente por {who}",
    reviewedOn: "Última revisión: {day}",
    since: "Desde el {day}.",
    slow: "Esto tarda más de lo habitual.",
    table: "Tabla",
    terms: "Condiciones: ",
    whole: "Leer el artículo completo",
    withdrawn: "La clínica ha retirado este artículo",
  },
};
const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);

/** The first of some languages in which the elements can speak. */
function speaking(...languages) {
  const known = languages.map((one) => one?.slice(0, 2).toLowerCase());
  return known.find((one) => one in WORDS) ?? "en";
}

function said(language, name, parts = {}) {
  return WORDS[language][name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
}

/** "November 3, 2026" for a date, or for a moment where the reader is. */
function day(text, language) {
  // A bare date is a day and no moment: read in UTC, it stays that day everywhere.
  const zone = /^\d{4}-\d{2}-\d{2}$/.test(text) ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat(language, { dateStyle: "long", ...zone }).format(new Date(text));
}

/** Attributes of a text that the clinic wrote, whatever language the page is in. */
function written(locale) {
  return { lang: locale, dir: RIGHT_TO_LEFT.has(locale.slice(0, 2)) ? "rtl" : "ltr" };
}
