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
        group(here.length ? "At our other locations" : "Clinicians", elsewhere),
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
