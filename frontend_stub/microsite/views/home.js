// The front door of a location: open or not, how to reach it, what is new, who works there.

import { read, readAll } from "../api.js";
import { h } from "../dom.js";
import { articleCard, pageHead, personCard, placeHero, section } from "../parts.js";
import { richText } from "../richtext.js";
import { count, pathOf, siteName } from "../words.js";
import { honours, newestFirst } from "./awards.js";
import { doors } from "./location.js";
import { teamOf } from "./team.js";

const NEWEST = 3;
const FACES = 3;
const NEWEST_AWARDS = 3;
const SERVICES = 6;

export default {
  skeleton: "cards",

  async load() {
    const [articles, authors, awards] = await Promise.all([
      read("articles/", { limit: NEWEST }),
      readAll("authors"),
      readAll("awards"),
    ]);
    return { articles: articles.results, authors, awards };
  },

  render({ data, site }) {
    return {
      title: "",
      description: plainText(site.location?.intro_html),
      canonical: site.location?.site_url,
      content: [
        site.location
          ? placeHero(site.location, siteName(site), { withAddress: true })
          : welcome(site),
        () => newest(data.articles),
        () => site.location && services(site.location),
        () => team(data.authors, site.location),
        () => awards(data.awards),
      ],
    };
  },
};

function welcome({ practice, locations }) {
  return [
    pageHead(
      practice.name,
      h(
        "p",
        { class: "lead" },
        `${count(locations.length, "location")}. Choose the one near you.`,
      ),
    ),
    h("div", { class: "wrap" }, doors(locations, "h2")),
  ];
}

function newest(articles) {
  const cards = articles.map((article) => articleCard(article));
  return section(
    "From our clinicians",
    articles.length ? { more: "/articles/", moreText: "All articles" } : {},
    articles.length
      ? h("div", { class: "card-grid" }, cards)
      : h(
          "p",
          { class: "soft" },
          "There are no articles yet. The first ones are being written.",
        ),
  );
}

function services(place) {
  if (!place.services?.length) return null;
  const items = place.services
    .slice(0, SERVICES)
    .map(({ name, description }) =>
      h("li", {}, h("h3", {}, name), description && h("p", { class: "soft" }, description)),
    );
  return section(
    "What we help with",
    { wide: true, more: pathOf("location", place), moreText: "Hours and services" },
    h("ul", { class: "plain service-grid" }, items),
  );
}

function team(authors, place) {
  const people = teamOf(authors, place).slice(0, FACES);
  if (!people.length) return null;
  return section(
    "Who you will meet",
    { more: "/team/", moreText: "The whole team" },
    h(
      "div",
      { class: "person-grid" },
      people.map((person) => personCard(person)),
    ),
  );
}

function awards(list) {
  if (!list.length) return null;
  return section(
    "Awards",
    { more: "/awards/", moreText: "All awards" },
    honours(newestFirst(list).slice(0, NEWEST_AWARDS)),
  );
}

function plainText(html) {
  return richText(html).textContent.trim();
}
