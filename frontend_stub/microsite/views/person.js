// One clinician: who, which credentials and what they mean, where, and what they wrote.

import { read, readAll, readOne } from "../api.js";
import { h, icon } from "../dom.js";
import { directed } from "../languages.js";
import { articleCard, face, postNominals, section } from "../parts.js";
import { richText } from "../richtext.js";
import { trail } from "../trail.js";
import { pathOf, regionName } from "../words.js";
import { givenTo, honours } from "./awards.js";

const ARTICLES = 6;
const KINDS = {
  certification: "Certification",
  degree: "Degree",
  licence: "License",
  license: "License",
};

export default {
  skeleton: "article",

  async load({ slug, locale }) {
    return this.around(await readOne("authors", slug, locale));
  },

  /** All that is shown with `author`. */
  async around(author) {
    const [articles, awards] = await Promise.all([
      // One who is not published yet has written nothing that is, and may lack a slug.
      author.slug ? read("articles/", { author: author.slug, limit: ARTICLES }) : { results: [] },
      readAll("awards"),
    ]);
    const own = givenTo(awards, "author", author.slug);
    return { author, articles: articles.results, awards: own };
  },

  render({ data: { author, articles, awards } }) {
    const nominals = postNominals(author);
    return {
      title: [author.name, nominals].filter(Boolean).join(", "),
      description: [author.job_title, nominals].filter(Boolean).join(", "),
      canonical: author.canonical_url,
      path: pathOf("author", author),
      content: [
        trail([["Our team", "/team/"]]),
        h(
          "div",
          { class: "wrap person" },
          h("div", { class: "person-face" }, face(author, "(min-width: 40rem) 256px, 160px")),
          h(
            "div",
            { class: "person-text" },
            h(
              "header",
              {},
              h("h1", { dir: "auto" }, author.name),
              nominals && h("p", { class: "nominals" }, nominals),
              author.job_title && h("p", { class: "lead", dir: "auto" }, author.job_title),
              places(author),
            ),
            directed(h("div", { class: "prose", lang: author.locale }, richText(author.bio_html))),
            credentials(author),
            awards.length > 0 && h("section", {}, h("h2", {}, "Awards"), honours(awards)),
          ),
        ),
        articles.length > 0 &&
          section(
            ["Written by ", h("bdi", {}, author.given_name || author.name)],
            { wide: true },
            h(
              "div",
              { class: "card-grid" },
              articles.map((article) => articleCard(article)),
            ),
          ),
      ],
    };
  },
};

function places({ locations }) {
  if (!locations?.length) return null;
  const links = locations.flatMap((place, index) => [
    index > 0 && ", ",
    h("a", { href: pathOf("location", place) }, place.name),
  ]);
  return h(
    "p",
    { class: "person-places" },
    icon("pin"),
    h("span", {}, "Sees patients in ", links),
  );
}

function credentials({ credentials: list }) {
  if (!list?.length) return null;
  const rows = list.map((credential) =>
    h(
      "div",
      { class: "credential" },
      h("dt", {}, credential.abbreviation),
      h(
        "dd",
        {},
        h("span", { class: "line" }, credential.name),
        h("span", { class: "line soft" }, explanation(credential)),
      ),
    ),
  );
  return h(
    "section",
    { class: "credentials" },
    h("h2", {}, "What the letters mean"),
    h("dl", {}, rows),
  );
}

function explanation({ kind, jurisdiction, verified }) {
  const known = KINDS[kind] ?? kind?.replaceAll("_", " ") ?? "";
  const where = jurisdiction ? `${known} in ${regionName(jurisdiction)}` : known;
  return [where, verified && "checked by the practice"].filter(Boolean).join(", ");
}
