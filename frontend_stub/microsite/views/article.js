// One article: what it says, who says so, who checked it and when, and on what it rests.

import { read, readOne } from "../api.js";
import { fragment, h } from "../dom.js";
import { articleCard, face, nextStep, postNominals, section } from "../parts.js";
import { picture } from "../pictures.js";
import { markCitations, referenceList } from "../references.js";
import { richText } from "../richtext.js";
import { trail } from "../trail.js";
import { creditLine, day, pathOf } from "../words.js";

const MORE = 3;
const CONTENTS_FROM = 3;

export default {
  skeleton: "article",

  async load({ slug }) {
    return this.around(await readOne("articles", slug).catch(nameReplacement));
  },

  /** All that is shown with `article`. */
  async around(article) {
    return { article, more: await moreLike(article) };
  },

  render({ data: { article, more }, site }) {
    const body = h("div", { class: "prose" }, richText(article.body_html));
    const marks = markCitations(body);
    readableTables(body);
    for (const credit of body.querySelectorAll(".credit")) {
      credit.textContent = creditLine(credit.textContent);
    }
    const place = placeFor(article, site);
    return {
      title: article.seo?.title || article.title,
      description: article.seo?.description || article.summary,
      canonical: article.indexing?.canonical ?? article.canonical_url,
      robots: article.indexing?.robots,
      path: pathOf("article", article.slug),
      content: [
        trail(steps(article)),
        h(
          "article",
          { class: "wrap article", lang: article.locale, dir: "auto" },
          top(article),
          h("div", { class: "article-body" }, contents(body), body, end(article, marks)),
          h(
            "aside",
            { class: "article-aside", "aria-label": "Next step" },
            place && nextStep(place),
          ),
        ),
        more.length > 0 &&
          section(
            "More to read",
            { wide: true },
            h(
              "div",
              { class: "card-grid" },
              more.map((one) => articleCard(one)),
            ),
          ),
      ],
    };
  },
};

// A withdrawn article's problem gives the address of what to read instead; readers want its
// title.
async function nameReplacement(problem) {
  const [, slug] = /\/articles\/([^/]+)\/$/.exec(problem.detail?.replacement ?? "") ?? [];
  if (problem.kind === "withdrawn" && slug) {
    const other = await readOne("articles", decodeURIComponent(slug)).catch(() => null);
    problem.detail.replacement = other ?? problem.detail.replacement;
  }
  throw problem;
}

// What the API finds related first, then the newest.
async function moreLike(article) {
  const related = `articles/${encodeURIComponent(article.slug)}/related/`;
  const lists = await Promise.all([list(related), list("articles/")]);
  const others = lists.flat().filter(({ id }) => id !== article.id);
  const once = new Map(others.map((other) => [other.id, other]));
  return [...once.values()].slice(0, MORE);
}

async function list(path) {
  try {
    return (await read(path, { limit: MORE + 1 })).results;
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

function top(article) {
  const image = picture(article.image, {
    sizes: "(min-width: 60rem) 44rem, 100vw",
    ratio: "16 / 10",
    eager: true,
  });
  return h(
    "header",
    { class: "article-head" },
    h("h1", {}, article.title),
    article.summary && h("p", { class: "lead" }, article.summary),
    people(article),
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

function people(article) {
  const { authors = [], reviewers = [], locale } = article;
  const dates = [
    `Published ${day(article.published_at, locale)}`,
    !reviewers.length &&
      article.last_reviewed_on &&
      `last reviewed ${day(article.last_reviewed_on, locale)}`,
    article.reading_minutes && `${article.reading_minutes} min read`,
  ];
  return h(
    "div",
    { class: "people" },
    authors.length
      ? h("ul", { class: "plain" }, authors.map(writer))
      : article.byline && h("p", {}, `By ${article.byline}`),
    reviewers.map((reviewer) => review(reviewer, article)),
    h("p", { class: "soft" }, dates.filter(Boolean).join(" · ")),
  );
}

function steps({ categories }) {
  const [category] = categories ?? [];
  const query = category && `?category=${encodeURIComponent(category.slug)}`;
  return [["Articles", "/articles/"], ...(category ? [[category.name, `/articles/${query}`]] : [])];
}

function writer(author) {
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
        h("span", { class: "soft" }, "Written by "),
        h(
          "a",
          { class: "writer-name", href: pathOf("author", author.slug) },
          withNominals(author),
        ),
      ),
      author.job_title && h("span", { class: "line soft" }, author.job_title),
    ),
  );
}

function review(reviewer, { last_reviewed_on: last, locale }) {
  const on = reviewer.reviewed_on ?? last;
  return h(
    "p",
    { class: "review" },
    "Medically reviewed by ",
    h("a", { href: pathOf("author", reviewer.slug) }, withNominals(reviewer)),
    on && [" on ", h("time", { datetime: on }, day(on, locale))],
  );
}

function withNominals(person) {
  return [person.name, postNominals(person)].filter(Boolean).join(", ");
}

function contents(body) {
  const headings = [...body.querySelectorAll("h2, .callout-seek-care :is(h3, h4, h5, h6)")];
  if (headings.length < CONTENTS_FROM) return null;
  const items = headings.map((heading, index) => {
    heading.id ||= `page-part-${index + 1}`;
    const isUrgent = heading.closest(".callout-seek-care");
    const href = `#${heading.id}`;
    return h("li", {}, h("a", { href, class: isUrgent && "urgent" }, heading.textContent));
  });
  return h(
    "nav",
    { class: "contents", "aria-label": "On this page" },
    h(
      "details",
      // On a phone the text comes first.
      { open: matchMedia("(min-width: 40rem)").matches },
      h("summary", {}, "On this page"),
      h("ul", {}, items),
    ),
  );
}

// A wide table scrolls in its own box; the box must then be reachable by keyboard.
function readableTables(body) {
  for (const box of body.querySelectorAll(".table-scroll")) {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent || "Table");
  }
}

function end(article, marks) {
  return fragment(
    tags(article),
    referenceList(article.references, marks),
    corrections(article),
    h("p", { class: "article-end soft" }, endLine(article)),
  );
}

function tags({ tags: list }) {
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
    { class: "article-tags", "aria-label": "Topics of this article" },
    h("ul", { class: "plain pills" }, items),
  );
}

function corrections({ corrections: list, locale }) {
  if (!list?.length) return null;
  const items = list.map(({ date, note }) =>
    h("li", {}, h("time", { datetime: date }, day(date, locale)), ": ", note),
  );
  return h(
    "section",
    { class: "corrections", "aria-labelledby": "page-corrections" },
    h("h2", { id: "page-corrections" }, list.length === 1 ? "Correction" : "Corrections"),
    h("ul", { class: "plain" }, items),
  );
}

function endLine({ updated_at: updated, next_review_on: next, attribution, locale }) {
  const license = attribution?.license;
  return fragment(
    `Last changed ${day(updated, locale)}.`,
    next && ` Next review due ${day(next, locale)}.`,
    license?.name && [
      " ",
      license.url ? h("a", { href: license.url, rel: "license" }, license.name) : license.name,
      ".",
    ],
  );
}
