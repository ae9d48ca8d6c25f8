// One article: what it says, who says so, who checked it and when, and on what it rests.

import { read, readOne } from "../api.js";
import { fragment, h } from "../dom.js";
import { OWN, directed, directionOf, languageIn, nameOf, wordsIn } from "../languages.js";
import { articleCard, face, nextStep, postNominals, section } from "../parts.js";
import { picture } from "../pictures.js";
import { markCitations, referenceList } from "../references.js";
import { richText } from "../richtext.js";
import { trail } from "../trail.js";
import { creditLine, day, pathOf } from "../words.js";

const MORE = 3;
// What is the site's own beside an article, which may be in another language.
const OF_SITE = { lang: OWN, dir: directionOf(OWN) };
const CONTENTS_FROM = 3;

export default {
  skeleton: "article",

  async load({ slug, locale }) {
    return this.around(await readOne("articles", slug, locale).catch(nameReplacement));
  },

  /** All that is shown with `article`. */
  async around(article) {
    return { article, more: await moreLike(article) };
  },

  render({ data: { article, more }, site }) {
    const { locale } = article;
    const words = wordsIn(locale);
    const page = h("article", { class: "wrap article", lang: locale }, top(article, words));
    return {
      title: article.seo?.title || article.title,
      description: article.seo?.description || article.summary,
      canonical: article.indexing?.canonical ?? article.canonical_url,
      robots: article.indexing?.robots,
      locale,
      path: pathOf("article", article),
      content: [
        trail(steps(article)),
        page,
        ...below(page, article, words),
        () => page.append(aside(placeFor(article, site))),
        () => more.length > 0 && reading(more),
      ],
    };
  },
};

function below(page, article, words) {
  const box = h("div", { class: "article-body" });
  let marks;
  return [
    () => {
      const body = h("div", { class: "prose" }, richText(article.body_html));
      if (!ownDirection(article.locale)) directed(body);
      marks = markCitations(body);
      readableTables(body, words);
      for (const credit of body.querySelectorAll(".credit")) {
        credit.textContent = creditLine(credit.textContent);
      }
      box.append(fragment(contents(body, words), body));
      page.append(box);
    },
    () => box.append(end(article, marks, words)),
  ];
}

function aside(place) {
  return h(
    "aside",
    { class: "article-aside", "aria-label": "Next step", ...OF_SITE },
    place && nextStep(place),
  );
}

function reading(more) {
  return section(
    "More to read",
    { wide: true, ...OF_SITE },
    h(
      "div",
      { class: "card-grid" },
      more.map((one) => articleCard(one)),
    ),
  );
}

// A withdrawn article's problem gives the address of what to read instead; readers want its
// title.
async function nameReplacement(problem) {
  const address = problem.detail?.replacement ?? "";
  const [, , locale, slug] = /(\/([A-Za-z0-9-]{2,}))?\/articles\/([^/]+)\/$/.exec(address) ?? [];
  if (problem.kind === "withdrawn" && slug) {
    const other = await readOne("articles", decodeURIComponent(slug), locale).catch(() => null);
    problem.detail.replacement = other ?? problem.detail.replacement;
  }
  throw problem;
}

// What the API finds related first, then the newest.
async function moreLike(article) {
  const related = `articles/${encodeURIComponent(article.slug)}/related/`;
  const locale = languageIn(article);
  const lists = await Promise.all([list(related, locale), list("articles/", locale)]);
  const others = lists.flat().filter(({ id }) => id !== article.id);
  const once = new Map(others.map((other) => [other.id, other]));
  return [...once.values()].slice(0, MORE);
}

async function list(path, locale) {
  try {
    return (await read(path, { limit: MORE + 1, locale })).results;
  } catch {
    // Reading on is a courtesy: the article stands without it.
    return [];
  }
}

function placeFor(article, { location, locations }) {
  const named = (article.locations ?? []).map(({ slug }) => slug);
  if (location && (named.includes(location.slug) || !named.length)) return location;
  return locations.find(({ slug }) => named.includes(slug)) ?? location;
}

// Staff may write in another script than the language's; in one that is written from right
// to left a line may well begin with a word in Latin letters.
function ownDirection(locale) {
  return directionOf(locale) === "rtl";
}

function top(article, words) {
  const dir = ownDirection(article.locale) ? "rtl" : "auto";
  const image = picture(article.image, {
    sizes: "(min-width: 60rem) 44rem, 100vw",
    ratio: "16 / 10",
    eager: true,
  });
  return h(
    "header",
    { class: "article-head" },
    h("h1", { dir }, article.title),
    article.summary && h("p", { class: "lead", dir }, article.summary),
    people(article, words),
    corrected(article, words),
    languages(article, words),
    image &&
      h(
        "figure",
        { class: "article-image" },
        image,
        article.image.credit &&
          h("figcaption", {}, h("span", { class: "credit" }, creditLine(article.image.credit))),
      ),
  );
}

function people(article, words) {
  const { authors = [], reviewers = [] } = article;
  const { language, direction } = words;
  const dates = [
    `${words.published} ${day(article.published_at, language)}`,
    !reviewers.length &&
      article.last_reviewed_on &&
      `${words.lastReviewed} ${day(article.last_reviewed_on, language)}`,
    article.reading_minutes && `${article.reading_minutes} ${words.minutes}`,
  ];
  return h(
    "div",
    { class: "people", lang: language, dir: direction },
    authors.length
      ? h(
          "ul",
          { class: "plain" },
          authors.map((author) => writer(author, words)),
        )
      : article.byline && h("p", {}, `${words.writtenBy} ${article.byline}`),
    reviewers.map((reviewer) => review(reviewer, article, words)),
    h("p", { class: "soft" }, dates.filter(Boolean).join(" · ")),
  );
}

// Who has read it before looks here for what is new.
function corrected({ corrections: list }, words) {
  if (!list?.length) return null;
  const last = list.map(({ date }) => date).sort().at(-1);
  const { language, direction } = words;
  return h(
    "p",
    { class: "corrected", lang: language, dir: direction },
    `${words.corrected} `,
    h("time", { datetime: last }, day(last, language)),
    ". ",
    h("a", { href: "#page-corrections" }, words.whatWasCorrected),
  );
}

function languages({ translations }, words) {
  if (!translations?.length) return null;
  const links = translations.flatMap((other, index) => {
    const { locale } = other;
    const attributes = { href: pathOf("article", other), lang: locale, hreflang: locale };
    return [index > 0 && ", ", h("a", { ...attributes, dir: "auto" }, nameOf(locale))];
  });
  const { language, direction } = words;
  return h(
    "p",
    { class: "languages", lang: language, dir: direction },
    `${words.languages} `,
    links,
  );
}

function steps({ categories }) {
  const [category] = categories ?? [];
  const query = category && `?category=${encodeURIComponent(category.slug)}`;
  return [["Articles", "/articles/"], ...(category ? [[category.name, `/articles/${query}`]] : [])];
}

function writer(author, words) {
  return h(
    "li",
    { class: "writer" },
    face(author),
    h(
      "span",
      {},
      h(
        "span",
        { class: "line" },
        h("span", { class: "soft" }, `${words.writtenBy} `),
        h(
          "a",
          { class: "writer-name", href: pathOf("author", author), dir: "auto" },
          withNominals(author),
        ),
      ),
      author.job_title && h("span", { class: "line soft", dir: "auto" }, author.job_title),
    ),
  );
}

function review(reviewer, { last_reviewed_on: last }, words) {
  const on = reviewer.reviewed_on ?? last;
  return h(
    "p",
    { class: "review" },
    `${words.reviewedBy} `,
    h("a", { href: pathOf("author", reviewer), dir: "auto" }, withNominals(reviewer)),
    on && [` ${words.on} `, h("time", { datetime: on }, day(on, words.language))],
  );
}

function withNominals(person) {
  return [person.name, postNominals(person)].filter(Boolean).join(", ");
}

function contents(body, words) {
  const headings = [...body.querySelectorAll("h2, .callout-seek-care :is(h3, h4, h5, h6)")];
  if (headings.length < CONTENTS_FROM) return null;
  const items = headings.map((heading, index) => {
    heading.id ||= `page-part-${index + 1}`;
    const isUrgent = heading.closest(".callout-seek-care");
    const href = `#${heading.id}`;
    const attributes = { href, class: isUrgent && "urgent", dir: heading.dir || undefined };
    return h("li", {}, h("a", attributes, heading.textContent));
  });
  return h(
    "nav",
    { class: "contents", "aria-label": words.contents },
    h(
      "details",
      // On a phone the text comes first.
      { open: matchMedia("(min-width: 40rem)").matches },
      h("summary", {}, words.contents),
      h("ul", {}, items),
    ),
  );
}

// A wide table scrolls in its own box; the box must then be reachable by keyboard.
function readableTables(body, words) {
  for (const box of body.querySelectorAll(".table-scroll")) {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent || words.table);
  }
}

function end(article, marks, words) {
  const { language, direction } = words;
  return fragment(
    tags(article, words),
    referenceList(article.references, marks, words),
    corrections(article, words),
    h(
      "p",
      { class: "article-end soft", lang: language, dir: direction },
      endLine(article, words),
    ),
  );
}

function tags({ tags: list }, words) {
  if (!list?.length) return null;
  const items = list.map(({ name, slug }) =>
    h(
      "li",
      {},
      h("a", { class: "pill", href: `/articles/?tag=${encodeURIComponent(slug)}` }, name),
    ),
  );
  return h(
    "nav",
    { class: "article-tags", "aria-label": words.topics },
    h("ul", { class: "plain pills" }, items),
  );
}

function corrections({ corrections: list }, words) {
  if (!list?.length) return null;
  const items = list.map(({ date, note }) =>
    h("li", {}, h("time", { datetime: date }, day(date, words.language)), ": ", note),
  );
  return h(
    "section",
    { class: "corrections", "aria-labelledby": "page-corrections" },
    h("h2", { id: "page-corrections" }, words.corrections[list.length === 1 ? 0 : 1]),
    h("ul", { class: "plain" }, items),
  );
}

function endLine({ updated_at: updated, next_review_on: next, attribution }, words) {
  const license = attribution?.license;
  return fragment(
    `${words.lastChanged} ${day(updated, words.language)}.`,
    next && ` ${words.nextReview} ${day(next, words.language)}.`,
    license?.name && [
      " ",
      license.url ? h("a", { href: license.url, rel: "license" }, license.name) : license.name,
      ".",
    ],
  );
}
