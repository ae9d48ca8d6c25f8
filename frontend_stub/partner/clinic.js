// What a partner writes to show a clinic's articles: fetch, list, article, attribution.
// Nothing here knows the newspaper; font and colour come from the page around it.

const ALLOWED = new Set(
  (
    "A ABBR ASIDE B BLOCKQUOTE BR CAPTION CITE CODE DD DIV DL DT EM FIGCAPTION FIGURE H2 H3 H4 H5 H6 " +
    "HR I IMG LI OL P PICTURE SECTION SOURCE SPAN STRONG SUB SUP TABLE TBODY TD TFOOT TH THEAD TIME TR UL"
  ).split(" "),
);
const KEPT = new Set(
  "alt aria-label class colspan height href id lang rowspan scope sizes src srcset start type width".split(
    " ",
  ),
);

const policy = globalThis.trustedTypes?.createPolicy("clinicast-inert", {
  createHTML: (html) => html,
});

/** Asks the API; an answer that is no document becomes an Error with its `status`. */
export async function ask(api, path) {
  const response = await fetch(`${api}/${path}`, {
    headers: { Accept: "application/json" },
    cache: "no-cache",
  }).catch(() => {
    throw Object.assign(new Error("unreachable"), { status: 0 });
  });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.title), { status: response.status, problem });
}

/** The newest articles, each with its source, and the clinic they come from. */
export async function loadFeed(api, limit) {
  const [list, practice] = await Promise.all([
    ask(api, `articles/?limit=${limit}`),
    ask(api, "practice/"),
  ]);
  return { articles: list.results, practice };
}

/** A list of articles; `addressOf` says where this site opens one, `heading` how deep it is. */
export function feedList({ articles, practice }, addressOf, heading = "h3") {
  if (!articles.length) return el("p", {}, "There is no health column this week.");
  const items = articles.map((article) =>
    el(
      "li",
      { lang: article.locale },
      el(heading, {}, link(addressOf(article), article.title)),
      el("p", {}, article.summary),
      el("p", { class: "clinic-source" }, article.byline, " · ", source(article, practice)),
    ),
  );
  return el("div", { class: "clinic-feed" }, el("ul", {}, ...items), credit(practice));
}

/** One article in full where this channel has the text, else its summary and the way to it. */
export function articleView(article, practice) {
  const reviews = (article.reviewers ?? []).map((person) =>
    el(
      "p",
      {},
      `Medically reviewed by ${[person.name, person.post_nominals].filter(Boolean).join(", ")}`,
      person.reviewed_on && ` on ${day(person.reviewed_on)}`,
    ),
  );
  return el(
    "article",
    { class: "clinic-article", lang: article.locale },
    el("h1", { tabindex: "-1" }, article.title),
    el("p", { class: "clinic-summary" }, article.summary),
    el(
      "div",
      { class: "clinic-byline" },
      article.byline && el("p", {}, `By ${article.byline}`),
      ...reviews,
    ),
    attribution(article, practice),
    article.body_html
      ? el("div", { class: "clinic-text" }, clean(article.body_html))
      : el(
          "p",
          {},
          link(article.canonical_url, "Read the whole article at the clinic’s own site"),
        ),
    references(article.references),
    attribution(article, practice),
  );
}

/** The line that stands with every text: whose it is, and where it lives. */
function attribution(article, practice) {
  const { text, publisher, license } = article.attribution ?? {};
  return el(
    "p",
    { class: "clinic-attribution" },
    text || `From ${publisher ?? practice.name}`,
    ". ",
    link(article.canonical_url, "Read the original"),
    license?.name && ". Terms: ",
    license?.name && (link(license.url, license.name) ?? license.name),
  );
}

function source(article, practice) {
  const name = article.attribution?.publisher ?? practice.name;
  return link(article.canonical_url, `From ${name}`) ?? `From ${name}`;
}

function credit(practice) {
  return el(
    "p",
    { class: "clinic-credit" },
    "Written and reviewed by the clinicians of ",
    link(practice.base_url, practice.name) ?? practice.name,
    ".",
  );
}

function references(list) {
  if (!list?.length) return null;
  const items = list.map(({ number, text, url, doi }) => {
    const href = doi ? `https://doi.org/${doi}` : url;
    return el(
      "li",
      { id: `ref-${number}`, value: number },
      text,
      href && " ",
      href && link(href, "Source"),
    );
  });
  return el(
    "section",
    { class: "clinic-references" },
    el("h2", {}, "References"),
    el("ol", {}, ...items),
  );
}

/** "November 3, 2026" for a date, or for a moment where the reader is. */
export function day(text) {
  // A bare date is a day and no moment: read in UTC, it stays that day everywhere.
  const zone = /^\d{4}-\d{2}-\d{2}$/.test(text) ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat("en", { dateStyle: "long", ...zone }).format(new Date(text));
}

/** An element; strings become text, so nothing from the API is read as markup. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(
    ...children.filter(
      (child) => child !== null && child !== undefined && child !== false && child !== "",
    ),
  );
  return element;
}

function link(address, text) {
  const href = web(address);
  return href ? el("a", { href }, text) : null;
}

function web(address) {
  try {
    const url = new URL(address, location.origin);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// The API's HTML is clean; a careful partner checks all the same, in a document where
// nothing runs, and takes over only what is on the lists above.
function clean(html) {
  const { body } = new DOMParser().parseFromString(
    policy?.createHTML(html) ?? html,
    "text/html",
  );
  for (const element of [...body.querySelectorAll("*")].reverse()) {
    if (!ALLOWED.has(element.tagName)) element.remove();
    else tidy(element);
  }
  const result = document.createDocumentFragment();
  result.append(...body.childNodes);
  return result;
}

function tidy(element) {
  for (const { name, value } of [...element.attributes]) {
    const isAddress = name === "href" || name === "src";
    const isSafe = !isAddress || value.startsWith("#") || web(value);
    if (!KEPT.has(name) || !isSafe) element.removeAttribute(name);
  }
  if (element.tagName === "IMG") element.setAttribute("loading", "lazy");
}
