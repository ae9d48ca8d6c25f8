// Search over all of the site: articles, people and places, what was found marked.

import { read } from "../api.js";
import { h, icon } from "../dom.js";
import { face, pageHead, postNominals, searchForm } from "../parts.js";
import { richText } from "../richtext.js";
import { addressLines, count, pathOf } from "../words.js";

const PER_GROUP = 8;
const GROUPS = {
  article: { title: "Articles", all: (q) => `/articles/?${new URLSearchParams({ q })}` },
  author: { title: "People", all: () => "/team/" },
  location: { title: "Places", all: () => "/locations/" },
};

export default {
  skeleton: "page",

  async load({ query }) {
    const q = (query.get("q") ?? "").trim();
    if (!q) return { q, groups: [] };
    const found = await read("search/", { q, grouped: true, limit: PER_GROUP }).catch(
      noneIfRefused,
    );
    return { q, groups: found.groups.filter(({ count: number }) => number > 0) };
  },

  render({ data: { q, groups }, site }) {
    return {
      title: q ? `Search: ${q}` : "Search",
      // Result pages of a search are no reading for search engines.
      robots: "noindex",
      content: [
        pageHead(
          "Search",
          searchForm({ q, action: "/search/", label: "Search this site", isFirst: !q }),
        ),
        h("div", { class: "wrap results" }, results(q, groups, site)),
      ],
    };
  },
};

// A search of punctuation alone: nothing to find, nothing broken.
function noneIfRefused(problem) {
  if (problem.kind !== "refused") throw problem;
  return { groups: [] };
}

function results(q, groups, site) {
  if (!q) {
    return h("p", { class: "soft" }, "Look for a condition, a person or a place.");
  }
  if (!groups.length) return nothing(q);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return [
    h("p", { class: "result-line" }, count(total, "result"), " for ", h("strong", {}, `“${q}”`)),
    groups.map((group) => section(group, q, site)),
  ];
}

function section({ type, results: found, count: number }, q) {
  const { title, all } = GROUPS[type];
  const id = `page-found-${type}`;
  return h(
    "section",
    { class: "found", "aria-labelledby": id },
    h("h2", { id }, `${title} (${number})`),
    h(
      "ul",
      { class: "plain" },
      found.map((one) => h("li", {}, result(one))),
    ),
    number > found.length &&
      h("p", {}, h("a", { class: "more", href: all(q) }, "All of them", icon("arrow"))),
  );
}

function result(one) {
  const isPerson = one.type === "author";
  return h(
    "div",
    { class: isPerson ? "found-one found-person" : "found-one" },
    isPerson && face(one),
    h(
      "div",
      {},
      h("h3", { dir: "auto" }, h("a", { href: pathOf(one.type, one) }, nameOf(one))),
      h("p", { class: "found-text", dir: "auto" }, richText(one.highlight)),
      detailOf(one) && h("p", { class: "soft" }, detailOf(one)),
    ),
  );
}

function nameOf(one) {
  if (one.type !== "author") return one.title ?? one.name;
  return [one.name, postNominals(one)].filter(Boolean).join(", ");
}

function detailOf(one) {
  return one.type === "location" ? addressLines(one).join(", ") : one.type === "article" && one.byline;
}

function nothing(q) {
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, `Nothing here about “${q}”`),
    h(
      "p",
      {},
      "Try fewer or other words, or look through ",
      h("a", { href: "/articles/" }, "all articles"),
      " and ",
      h("a", { href: "/team/" }, "our team"),
      ".",
    ),
  );
}
