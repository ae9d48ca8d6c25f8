// All articles of one language: by category, by tag, by words, page by page. Every choice is in
// the address.

import { read } from "../api.js";
import { fragment, h, hidden, icon } from "../dom.js";
import { OWN, SPOKEN, nameOf, wordsIn } from "../languages.js";
import { articleCard, pageHead, searchForm } from "../parts.js";
import { count } from "../words.js";

const PER_PAGE = 12;
// As many cards as a wide screen shows beside each other.
const ROW = 3;

export default {
  skeleton: "cards",

  async load({ query, locale }) {
    const { category, tag, q, page } = choice(query);
    const offset = (page - 1) * PER_PAGE || undefined;
    const terms = { fields: "*", limit: 100, locale };
    const [categories, tags, articles, others] = await Promise.all([
      read("categories/", terms),
      read("tags/", terms),
      read("articles/", { limit: PER_PAGE, offset, category, tag, q, locale }).catch(
        noneIfRefused,
      ),
      otherLanguages(locale ?? OWN),
    ]);
    return { articles, categories: categories.results, tags: tags.results, others };
  },

  render({ data, query, locale }) {
    const chosen = { ...choice(query), locale };
    const words = wordsIn(locale);
    const category = data.categories.find(({ slug }) => slug === chosen.category);
    return {
      title: [category?.name, words.articles].filter(Boolean).join(" – "),
      description: words.list.description,
      canonical: chosen.q
        ? undefined
        : location.origin + addressFor({ ...chosen, q: undefined }),
      // Result pages of a search are no reading for search engines.
      robots: chosen.q ? "noindex" : undefined,
      content: [
        pageHead(
          h("span", { lang: locale }, category?.name ?? words.articles),
          h("p", { class: "lead", lang: words.language }, words.list.lead),
          languages(data.others, words),
        ),
        () => finder(data, chosen, words),
        ...results(data, chosen, words),
      ],
    };
  },
};

// Those in which something is written that one may read instead.
async function otherLanguages(shown) {
  const others = SPOKEN.filter((language) => language !== shown);
  const lists = others.map((locale) =>
    // To read on in another language is a courtesy: the list stands without it.
    read("articles/", { limit: 1, locale }).catch(() => ({ results: [] })),
  );
  const found = await Promise.all(lists);
  return others.filter((_, index) => found[index].results.length > 0);
}

function languages(others = [], words) {
  if (!others.length) return null;
  const links = others.map((locale, index) => {
    const href = addressFor({ locale: locale === OWN ? undefined : locale });
    return [index > 0 && ", ", h("a", { href, lang: locale, hreflang: locale }, nameOf(locale))];
  });
  return h("p", { class: "languages", lang: words.language }, `${words.languages} `, links);
}

function finder({ categories, tags }, chosen, { list: words, language }) {
  return h(
    "div",
    { class: "wrap finder", lang: language },
    searchForm({
      q: chosen.q,
      action: addressFor({ locale: chosen.locale }),
      label: words.findIn,
      placeholder: words.try,
      word: words.find,
      also: { category: chosen.category, tag: chosen.tag },
    }),
    choices(words.categories, categories, "category", chosen, words),
    tagChoices(tags, chosen, words),
  );
}

// A search of punctuation, or a page beyond the last: nothing to find, nothing broken.
function noneIfRefused(problem) {
  if (problem.kind !== "refused") throw problem;
  return { count: 0, results: [] };
}

function choice(query) {
  const given = (name) => query.get(name) || undefined;
  const page = Math.max(1, Math.trunc(Number(query.get("page"))) || 1);
  return { category: given("category"), tag: given("tag"), q: given("q"), page };
}

function addressFor(chosen) {
  const query = new URLSearchParams();
  for (const name of ["category", "tag", "q"]) if (chosen[name]) query.set(name, chosen[name]);
  if (chosen.page > 1) query.set("page", chosen.page);
  const language = chosen.locale ? `/${chosen.locale}` : "";
  return `${language}/articles/${query.toString() && `?${query}`}`;
}

function choices(label, terms, name, chosen, words) {
  if (!terms.length) return null;
  const all = name === "category" ? [{ name: words.all, slug: undefined }] : [];
  const items = [...all, ...terms].map((term) => {
    const isChosen = chosen[name] === term.slug;
    // A chosen tag is taken off by choosing it again.
    const slug = isChosen && name === "tag" ? undefined : term.slug;
    const href = addressFor({ ...chosen, [name]: slug, page: 1 });
    return h(
      "li",
      {},
      h("a", { class: "pill", href, "aria-current": isChosen && "true" }, term.name),
    );
  });
  return h("nav", { "aria-label": label }, h("ul", { class: "plain pills" }, items));
}

function tagChoices(tags, chosen, words) {
  if (!tags.length) return null;
  return h(
    "details",
    { class: "tags", open: Boolean(chosen.tag) },
    h("summary", {}, words.topics),
    choices(words.topics, tags, "tag", chosen, words),
  );
}

// Row by row, and what stands under them behind the last.
function results({ articles, categories, tags }, chosen, { list: words, language }) {
  const total = articles.count ?? articles.results.length;
  const box = h("div", { class: "wrap results", lang: language });
  const grid = h("div", { class: "card-grid", lang: chosen.locale });
  const [first = [], ...others] = inRows(articles.results);
  const row = (cards, isFirst) =>
    grid.append(...cards.map((one) => articleCard(one, { heading: "h2", eager: isFirst })));
  return [
    () => {
      row(first, true);
      box.append(
        h("p", { class: "result-line" }, resultSentence(total, chosen, categories, tags, words)),
        first.length ? grid : nothing(chosen, words),
      );
      return box;
    },
    ...others.map((cards) => () => row(cards)),
    () => box.append(fragment(pages(total, chosen, words))),
  ];
}

function inRows(list) {
  const starts = list.map((_, index) => index).filter((index) => index % ROW === 0);
  return starts.map((start) => list.slice(start, start + ROW));
}

function resultSentence(total, { q, category, tag, locale }, categories, tags, words) {
  const named = (terms, slug) => terms.find((term) => term.slug === slug)?.name ?? slug;
  const narrowed = [
    q && [words.searched, h("strong", {}, `“${q}”`)],
    category && [words.in, h("strong", {}, named(categories, category))],
    tag && [words.about, h("strong", {}, named(tags, tag))],
  ];
  const clear = (q || category || tag) && [
    " ",
    h("a", { href: addressFor({ locale }) }, words.showAll),
  ];
  return fragment(count(total, ...words.article), narrowed, clear);
}

function nothing({ q, category, tag, page, locale }, words) {
  const isNarrowed = q || category || tag || page > 1;
  return h(
    "div",
    // That there is nothing at all is said of the site, in its own language.
    { class: "empty", lang: isNarrowed ? undefined : OWN },
    h("h2", {}, isNarrowed ? words.nothing : "There are no articles yet"),
    isNarrowed
      ? h(
          "p",
          {},
          words.otherWords,
          h("a", { href: addressFor({ locale }) }, words.lookThrough),
          ".",
        )
      : h(
          "p",
          {},
          "The first ones are being written. Our ",
          h("a", { href: "/team/" }, "team"),
          " is glad to answer questions until then.",
        ),
  );
}

function pages(total, chosen, words) {
  const last = Math.ceil(total / PER_PAGE);
  if (last < 2) return null;
  const step = (page, text, name) =>
    h(
      "a",
      { class: "button button-quiet", href: addressFor({ ...chosen, page }), rel: name },
      text,
    );
  return h(
    "nav",
    { class: "pages", "aria-label": words.pages },
    chosen.page > 1
      ? step(chosen.page - 1, [icon("back"), words.newer, hidden(` ${words.article[1]}`)], "prev")
      : h("span"),
    h("span", { class: "soft" }, words.page(chosen.page, last)),
    chosen.page < last
      ? step(chosen.page + 1, [words.older, hidden(` ${words.article[1]}`), icon("arrow")], "next")
      : h("span"),
  );
}
