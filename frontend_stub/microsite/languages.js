// Languages: how each is written, what it calls itself, and the site's words around an article
// in those that it speaks.

/** What the site's own words are written in. */
export const OWN = "en";

// As `languages.py` of the server has it.
const RIGHT_TO_LEFT = new Set("ar ckb dv fa he ps sd syr ug ur yi".split(" "));

const WORDS = {
  en: {
    articles: "Articles",
    corrected: "Corrected on",
    corrections: ["Correction", "Corrections"],
    contents: "On this page",
    languages: "Also in",
    list: {
      about: " about ",
      all: "All",
      article: ["article", "articles"],
      categories: "Categories",
      description: "Articles by our clinicians, reviewed and with their sources.",
      find: "Search",
      findIn: "Search the articles",
      in: " in ",
      lead: "Written by our clinicians, reviewed, and with their sources.",
      lookThrough: "look through all articles",
      newer: "Newer",
      nothing: "Nothing matches that",
      older: "Older",
      otherWords: "Try fewer or other words, or ",
      page: (number, last) => `Page ${number} of ${last}`,
      pages: "Pages",
      searched: " for ",
      showAll: "Show all articles",
      topics: "Topics",
      try: "Try “knee pain”",
    },
    lastChanged: "Last changed",
    lastReviewed: "last reviewed",
    minutes: "min read",
    nextReview: "Next review due",
    on: "on",
    published: "Published",
    references: "References",
    reviewedBy: "Medically reviewed by",
    table: "Table",
    topics: "Topics of this article",
    whatWasCorrected: "What was corrected",
    writtenBy: "Written by",
  },
  es: {
    articles: "Artículos",
    corrected: "Corregido el",
    corrections: ["Corrección", "Correcciones"],
    contents: "En esta página",
    languages: "También en",
    list: {
      about: " sobre ",
      all: "Todos",
      article: ["artículo", "artículos"],
      categories: "Categorías",
      description: "Artículos de nuestros profesionales, revisados y con sus fuentes.",
      find: "Buscar",
      findIn: "Buscar en los artículos",
      in: " en ",
      lead: "Escritos por nuestros profesionales, revisados y con sus fuentes.",
      lookThrough: "vea todos los artículos",
      newer: "Más recientes",
      nothing: "No se encontró nada",
      older: "Anteriores",
      otherWords: "Pruebe con menos palabras o con otras, o ",
      page: (number, last) => `Página ${number} de ${last}`,
      pages: "Páginas",
      searched: " para ",
      showAll: "Ver todos los artículos",
      topics: "Temas",
      try: "«dolor de rodilla»",
    },
    lastChanged: "Último cambio:",
    lastReviewed: "última revisión:",
    minutes: "min de lectura",
    nextReview: "Próxima revisión:",
    on: "el",
    published: "Publicado el",
    references: "Referencias",
    reviewedBy: "Revisión médica:",
    table: "Tabla",
    topics: "Temas de este artículo",
    whatWasCorrected: "Qué se corrigió",
    writtenBy: "Por",
  },
};

/** The languages in which there may be articles, as far as the site has words for them. */
export const SPOKEN = Object.keys(WORDS);

/** "rtl" for a language that is written from right to left, else "ltr". */
export function directionOf(locale) {
  return RIGHT_TO_LEFT.has(base(locale)) ? "rtl" : "ltr";
}

/** The words around an article, in its language if the site speaks that, and which that is. */
export function wordsIn(locale) {
  const language = base(locale) in WORDS ? base(locale) : OWN;
  return { ...WORDS[language], language, direction: directionOf(language) };
}

/** "Español" for "es": in its own language, so that who reads it recognises it. */
export function nameOf(locale) {
  const name = new Intl.DisplayNames([locale], { type: "language" }).of(locale) ?? locale;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** The language that the API's address of a document names; undefined for its own one. */
export function languageIn({ url } = {}) {
  const [, locale] = /[?&]locale=([A-Za-z0-9-]+)/.exec(url ?? "") ?? [];
  return locale;
}

/**
 * Lets every text below `node` stand in the direction of its own first letter, for what staff
 * write in another script than the page's. Returns `node`.
 */
export function directed(node) {
  for (const text of node.querySelectorAll(TEXTS)) if (!text.dir) text.dir = "auto";
  return node;
}

// The outermost, so that bullets and columns stand on the side where reading begins.
const TEXTS =
  "p:not(li p, table p), h2, h3, h4, h5, h6, ul:not(li ul), ol:not(li ol), table, figcaption, dt, dd";

function base(locale) {
  return (locale ?? OWN).toLowerCase().split("-")[0];
}
