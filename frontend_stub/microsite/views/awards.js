// Awards with giver, year and to whom; and who the practice works with.

import { readAll } from "../api.js";
import { h, icon } from "../dom.js";
import { pageHead, section } from "../parts.js";
import { picture } from "../pictures.js";
import { pathOf } from "../words.js";

export default {
  skeleton: "page",

  async load() {
    const [awards, affiliations] = await Promise.all([
      readAll("awards"),
      readAll("affiliations"),
    ]);
    return { awards, affiliations };
  },

  render({ data: { awards, affiliations }, site: { practice } }) {
    return {
      title: "Awards",
      description: `Awards that ${practice.name} and its clinicians have received.`,
      content: [
        pageHead(
          "Awards",
          h("p", { class: "lead" }, "Given by others, each with its year and giver."),
        ),
        h(
          "div",
          { class: "wrap block" },
          awards.length
            ? h("ul", { class: "plain award-list" }, newestFirst(awards).map(row))
            : h(
                "div",
                { class: "empty" },
                h("h2", {}, "No awards are listed"),
                h("p", {}, "Meet ", h("a", { href: "/team/" }, "our team"), " instead."),
              ),
        ),
        affiliations.length > 0 &&
          section("Who we work with", { wide: true }, partners(affiliations)),
      ],
    };
  },
};

function row(award) {
  return h(
    "li",
    { class: "award", id: award.slug },
    h("p", { class: "award-year" }, award.year ?? ""),
    h(
      "div",
      {},
      h("h2", { dir: "auto" }, award.name),
      h("p", { dir: "auto" }, [award.giver, award.result].filter(Boolean).join(" · ")),
      recipient(award.recipient),
    ),
    h(
      "div",
      { class: "award-badge" },
      picture(award.badge, { sizes: "96px", decorative: true }),
    ),
  );
}

function recipient(to) {
  if (!to?.name) return null;
  const isLinked = ["author", "location"].includes(to.type) && to.slug;
  return h(
    "p",
    { class: "soft" },
    "To ",
    isLinked ? h("a", { href: pathOf(to.type, to) }, to.name) : to.name,
  );
}

/** Awards in a row, newest first, each with its giver and year. */
export function honours(awards) {
  const items = newestFirst(awards).map(({ name, giver, result, year }) =>
    h(
      "li",
      {},
      icon("medal"),
      h(
        "span",
        { dir: "auto" },
        h("strong", {}, name),
        h("span", { class: "line soft" }, [giver, result, year].filter(Boolean).join(", ")),
      ),
    ),
  );
  return h("ul", { class: "plain award-row" }, items);
}

/** Of `awards` those given to one of `type`, and to that of `slug` if it is named. */
export function givenTo(awards, type, slug) {
  return awards.filter(
    ({ recipient }) => recipient?.type === type && (!slug || recipient.slug === slug),
  );
}

export function newestFirst(awards) {
  return [...awards].sort((one, other) => (other.year ?? 0) - (one.year ?? 0));
}

/** Whom the practice works with, by their logos. */
export function partners(affiliations) {
  const items = affiliations.map(({ name, website, logo }) => {
    const face = picture(logo, { sizes: "160px" }) ?? name;
    return h("li", { class: "affiliation" }, website ? h("a", { href: website }, face) : face);
  });
  return h("ul", { class: "plain affiliation-row" }, items);
}
