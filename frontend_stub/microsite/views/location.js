// One location: where it is, when it is open, how to reach it, what it does.

import { Problem, readAll, readOne } from "../api.js";
import { fragment, h, icon } from "../dom.js";
import { exceptionsList, hoursTable, openLine } from "../opening.js";
import { phoneLink, placeHero, section } from "../parts.js";
import { picture } from "../pictures.js";
import { addressLines, directionsUrl, mainPhone, pathOf, phoneText } from "../words.js";
import { givenTo, honours, partners } from "./awards.js";

const PHONE_KINDS = {
  fax: "Fax",
  mobile: "Mobile",
  sms: "Text messages",
  tollfree: "Toll-free",
};

export default {
  skeleton: "page",

  async load({ slug, locale, site }) {
    return this.around(slug ? readOne("locations", slug, locale) : ownPlace(site));
  },

  /** All that is shown with a place, or with one that is still to come. */
  async around(coming) {
    const [place, awards, affiliations] = await Promise.all([
      coming,
      readAll("awards"),
      readAll("affiliations"),
    ]);
    return { place, awards: awardsOf(awards, place), affiliations };
  },

  render({ data: { place, awards, affiliations }, site, slug }) {
    return {
      title: place.name,
      description: addressLines(place).join(", "),
      canonical: place.canonical_url,
      path: slug && pathOf("location", place),
      content: [
        placeHero(place, place.name),
        () => h("div", { class: "wrap place-grid" }, times(place), contact(place)),
        () => photos(place),
        () => services(place),
        () => trust(awards, affiliations),
        () => others(site, place),
      ],
    };
  },
};

async function ownPlace(site) {
  const { location, locations } = await site;
  const place = location ?? locations[0];
  if (!place) throw new Problem("missing");
  return place;
}

// Its own, and those of the practice that it is part of.
function awardsOf(awards, place) {
  return [...givenTo(awards, "location", place.slug), ...givenTo(awards, "practice")];
}

function trust(awards, affiliations) {
  if (!awards.length && !affiliations.length) return null;
  return section(
    !awards.length
      ? "Who we work with"
      : affiliations.length
        ? "Awards, and who we work with"
        : "Awards",
    awards.length ? { more: "/awards/", moreText: "All awards" } : {},
    awards.length > 0 && honours(awards),
    affiliations.length > 0 && partners(affiliations),
  );
}

function times(place) {
  const exceptions = exceptionsList(place);
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, icon("clock"), "Opening hours"),
    place.hours?.length ? hoursTable(place) : h("p", {}, noHours(place)),
    exceptions && fragment(h("h3", {}, "Days that differ"), exceptions),
  );
}

function noHours(place) {
  const ask = mainPhone(place) ? " Please call us before you come." : "";
  return `Our hours are not listed at the moment.${ask}`;
}

function contact(place) {
  const phones = (place.phones ?? []).map((phone) =>
    h(
      "li",
      {},
      PHONE_KINDS[phone.kind] && h("span", { class: "soft" }, `${PHONE_KINDS[phone.kind]} `),
      phone.kind === "fax" ? phoneText(phone) : phoneLink(phone),
    ),
  );
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, icon("pin"), "Find us"),
    h(
      "address",
      {},
      addressLines(place).map((line) => h("span", { class: "line" }, line)),
    ),
    place.street_address &&
      h("p", {}, h("a", { href: directionsUrl(place) }, "Directions in Google Maps")),
    phones.length > 0 &&
      fragment(h("h3", {}, "Call us"), h("ul", { class: "plain phones" }, phones)),
    place.booking_url &&
      fragment(
        h("h3", {}, "Book online"),
        h("p", {}, h("a", { href: place.booking_url }, "Choose a day and time")),
      ),
  );
}

function photos(place) {
  // The first one stands at the top.
  const shown = (place.photos ?? [])
    .slice(1)
    .map((photo) =>
      picture(photo, { sizes: "(min-width: 60rem) 34rem, 92vw", ratio: "16 / 10" }),
    );
  const figures = shown.filter(Boolean).map((photo) => h("li", {}, photo));
  return figures.length ? h("ul", { class: "wrap plain photo-grid" }, figures) : null;
}

function services({ services: list }) {
  if (!list?.length) return null;
  const items = list.map(({ name, description }) =>
    h(
      "li",
      { dir: "auto" },
      h("h3", {}, name),
      description && h("p", { class: "soft", dir: "auto" }, description),
    ),
  );
  return section(
    "What we help with here",
    { wide: true },
    h("ul", { class: "plain service-grid" }, items),
  );
}

function others({ locations }, place) {
  const rest = locations.filter(({ slug }) => slug !== place.slug);
  if (!rest.length) return null;
  return section("Our other locations", {}, doors(rest));
}

/** Locations as cards with their address and whether they are open. */
export function doors(places, heading = "h3") {
  const items = places.map((place) =>
    h(
      "li",
      { class: "door" },
      h(
        heading,
        {},
        h("a", { class: "card-link", href: pathOf("location", place) }, place.short_name),
      ),
      h("p", { class: "soft" }, addressLines(place).join(", ")),
      openLine(place),
    ),
  );
  return h("ul", { class: "plain door-grid" }, items);
}
