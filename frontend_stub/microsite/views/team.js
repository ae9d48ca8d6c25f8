// Everyone who treats and writes, those at this location first.

import { readAll } from "../api.js";
import { h } from "../dom.js";
import { pageHead, personCard, section } from "../parts.js";

export default {
  skeleton: "people",

  async load() {
    return { authors: await readAll("authors") };
  },

  render({ data: { authors }, site: { location, practice } }) {
    const here = teamOf(authors, location);
    const elsewhere = authors.filter((author) => !here.includes(author));
    return {
      title: "Our team",
      description: `The clinicians of ${practice.name}, with their credentials.`,
      content: [
        pageHead(
          "Our team",
          h(
            "p",
            { class: "lead" },
            "The people who treat you, and who write what you read here.",
          ),
        ),
        group(location ? `At ${location.short_name}` : "Clinicians", here),
        () => group(here.length ? "At our other locations" : "Clinicians", elsewhere),
        () => letters(authors),
        !authors.length && empty(),
      ],
    };
  },
};

/** Those who work at `place`; on a site of the whole practice, everyone. */
export function teamOf(authors, place) {
  if (!place) return authors;
  return authors.filter((author) =>
    (author.locations ?? []).some(({ slug }) => slug === place.slug),
  );
}

function group(title, people) {
  if (!people.length) return null;
  return section(
    title,
    {},
    h(
      "div",
      { class: "person-grid" },
      people.map((person) => personCard(person)),
    ),
  );
}

// Every post-nominal of the page once, so that nobody has to look it up elsewhere.
function letters(authors) {
  const held = authors.flatMap(({ credentials }) => credentials ?? []);
  const meanings = new Map(held.map(({ abbreviation, name }) => [abbreviation, name]));
  if (!meanings.size) return null;
  const rows = [...meanings]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([abbreviation, name]) =>
      h("div", { class: "credential" }, h("dt", {}, abbreviation), h("dd", {}, name)),
    );
  return section(
    "What the letters mean",
    { wide: true },
    h("dl", { class: "letters" }, rows),
  );
}

function empty() {
  return h(
    "div",
    { class: "wrap" },
    h(
      "div",
      { class: "empty" },
      h("h2", {}, "The team’s pages are being written"),
      h(
        "p",
        {},
        "Until then, ",
        h("a", { href: "/location/" }, "call or visit us"),
        " with any question.",
      ),
    ),
  );
}
