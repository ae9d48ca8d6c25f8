// Numbered references, reachable from the mark in the text and back.

import { h, hidden } from "./dom.js";

/** Gives every mark in `body` a target of its own; returns the marks by number. */
export function markCitations(body) {
  const marks = new Map();
  for (const link of body.querySelectorAll('a.citation[href^="#ref-"]')) {
    const number = Number(link.getAttribute("href").slice("#ref-".length));
    const known = marks.get(number) ?? [];
    link.id = `cite-${number}-${known.length + 1}`;
    link.setAttribute("aria-label", `Reference ${number}`);
    marks.set(number, [...known, link.id]);
  }
  return marks;
}

/** The list under the article; null where nothing is cited. */
export function referenceList(references, marks, words) {
  if (!references?.length) return null;
  const items = references.map((reference) =>
    h(
      "li",
      { id: `ref-${reference.number}`, value: reference.number },
      h("bdi", {}, withoutDoi(reference)),
      " ",
      links(reference),
      backLinks(reference.number, marks.get(reference.number) ?? []),
    ),
  );
  return h(
    "section",
    { class: "references", "aria-labelledby": "page-references" },
    h("h2", { id: "page-references" }, words.references),
    // Cited in English whatever the article's language, as those who look them up need them.
    h("ol", { dir: "ltr" }, items),
  );
}

// The link beside it says the same, and can be followed.
function withoutDoi({ text, doi }) {
  return doi ? text.replace(/\s*(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)10\.\S+\s*$/i, "") : text;
}

function links({ doi, pmid, url }) {
  const found = [];
  if (doi) found.push([`https://doi.org/${doi}`, `doi.org/${doi}`]);
  if (pmid)
    found.push([
      `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`,
      `PubMed ${pmid}`,
    ]);
  if (!found.length && url) found.push([url, hostOf(url)]);
  return found.map(([href, text]) => h("a", { class: "source-link", href }, text));
}

function backLinks(number, ids) {
  return ids.map((id, index) =>
    h(
      "a",
      { class: "back-link", href: `#${id}` },
      hidden(
        `Back to reference ${number} in the text${ids.length > 1 ? `, place ${index + 1}` : ""}`,
      ),
      h("span", { "aria-hidden": "true" }, ids.length > 1 ? `↑${index + 1}` : "↑"),
    ),
  );
}

function hostOf(url) {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return "Source";
  }
}
