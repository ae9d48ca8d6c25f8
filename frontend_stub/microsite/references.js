// Numbered references, reachable from the mark in the text and back.

import { h, hidden } from "./dom.js";

const MARKS = 'a.citation[href^="#ref-"]';
// Of as many numbers in a row as this, the first and the last stand for all.
const RUN_FROM = 3;
// What parts one mark from the next in [1][2] and in [1, 2].
const BETWEEN = /^\s*(\]\s*[,;]?\s*\[|[,;])\s*$/;

/**
 * Gives every mark in `body` a target of its own, and writes [1–3] for [1][2][3]; returns the
 * marks by number. What a run leaves out is found by its first mark.
 */
export function markCitations(body) {
  const marks = new Map();
  const note = (number, id) => marks.set(number, [...(marks.get(number) ?? []), id]);
  for (const run of runs([...body.querySelectorAll(MARKS)])) {
    const [first, last] = [run[0], run.at(-1)];
    for (const link of new Set([first, last])) {
      const number = numberOf(link);
      link.id = `cite-${number}-${(marks.get(number)?.length ?? 0) + 1}`;
      link.setAttribute("aria-label", `Reference ${number}`);
      note(number, link.id);
    }
    if (run.length < RUN_FROM) continue;
    for (const link of run.slice(1, -1)) note(numberOf(link), first.id);
    while (first.nextSibling !== last) first.nextSibling.remove();
    first.after("–");
    first.setAttribute("aria-label", `References ${numberOf(first)} to ${numberOf(last)}`);
  }
  return marks;
}

// Marks that follow each other, number after number; the others each alone.
function runs(links) {
  const found = [];
  for (const link of links) {
    const before = found.at(-1)?.at(-1);
    if (before && follows(before, link)) found.at(-1).push(link);
    else found.push([link]);
  }
  return found.flatMap((run) => (run.length < RUN_FROM ? run.map((link) => [link]) : [run]));
}

function follows(before, link) {
  const between = before.nextSibling;
  return (
    numberOf(link) === numberOf(before) + 1 &&
    between?.nodeType === Node.TEXT_NODE &&
    between.nextSibling === link &&
    BETWEEN.test(between.data)
  );
}

function numberOf(link) {
  return Number(link.getAttribute("href").slice("#ref-".length));
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
