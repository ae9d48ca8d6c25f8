// Pieces that several pages share.

import { fragment, h, hidden, icon } from "./dom.js";
import { directed, wordsIn } from "./languages.js";
import { openLine } from "./opening.js";
import { picture } from "./pictures.js";
import { richText } from "./richtext.js";
import { addressLines, directionsUrl, mainPhone, pathOf, phoneText } from "./words.js";

/** A phone number that dials. */
export function phoneLink(phone) {
  return h("a", { class: "phone", href: `tel:${phone.e164}` }, phoneText(phone));
}

/** "PT, DPT, ATC", from the text or the list that the API gives. */
export function postNominals(person) {
  const given = person.post_nominals;
  if (Array.isArray(given) ? given.length : given) {
    return Array.isArray(given) ? given.join(", ") : given;
  }
  return (person.credentials ?? []).map(({ abbreviation }) => abbreviation).join(", ");
}

/** A face in a circle, or the initials where there is no photo. */
export function face(person, sizes = "56px") {
  const photo = picture(person.photo ?? person.image, { sizes, ratio: "1", decorative: true });
  // By characters, of which some are two units long.
  const initials = person.name.trim().split(/\s+/).map(([first]) => first);
  return h(
    "span",
    { class: "face", "aria-hidden": "true" },
    photo ?? `${initials[0] ?? ""}${initials.length > 1 ? initials.at(-1) : ""}`,
  );
}

/** An article as a card that opens it. */
export function articleCard(article, { heading = "h3", eager = false } = {}) {
  const image = picture(article.image, {
    sizes: "(min-width: 60rem) 22rem, (min-width: 40rem) 45vw, 92vw",
    ratio: "16 / 10",
    decorative: true,
    eager,
  });
  return h(
    "article",
    { class: "card" },
    image ?? h("span", { class: "card-drawing", "aria-hidden": "true" }),
    h(
      "div",
      { class: "card-text" },
      article.categories?.length > 0 &&
        h("p", { class: "eyebrow", dir: "auto" }, article.categories[0].name),
      h(
        heading,
        { dir: "auto" },
        h("a", { class: "card-link", href: pathOf("article", article) }, article.title),
      ),
      article.summary && h("p", { class: "card-summary", dir: "auto" }, article.summary),
      h(
        "p",
        { class: "card-meta" },
        article.byline && h("bdi", {}, article.byline),
        readingTime(article),
      ),
    ),
  );
}

/** A clinician as a card that opens their page. */
export function personCard(person, { heading = "h3" } = {}) {
  const nominals = postNominals(person);
  return h(
    "article",
    { class: "person-card" },
    face(person, "(min-width: 40rem) 176px, 96px"),
    h(
      "div",
      {},
      h(
        heading,
        { dir: "auto" },
        h("a", { class: "card-link", href: pathOf("author", person) }, person.name),
      ),
      nominals && h("p", { class: "nominals" }, nominals),
      person.job_title && h("p", { class: "soft", dir: "auto" }, person.job_title),
    ),
  );
}

/** What to do next: the door, its hours today, a number that dials, the way there. */
export function nextStep(place, { title = `Visit us in ${place.short_name}` } = {}) {
  return h(
    "section",
    { class: "next-step", "aria-labelledby": "next-step-title" },
    h("h2", { id: "next-step-title" }, title),
    openLine(place),
    h(
      "address",
      {},
      addressLines(place).map((line) => h("span", { class: "line" }, line)),
    ),
    h("div", { class: "actions" }, placeActions(place)),
    h(
      "p",
      {},
      h("a", { href: pathOf("location", place) }, "Hours, services and how to find us"),
    ),
  );
}

/** The first screen of a location: its name, what it is, open or not, and what to do. */
export function placeHero(place, title, { withAddress = false } = {}) {
  const photo = picture(place.photos?.[0], {
    sizes: "(min-width: 60rem) 34rem, 100vw",
    ratio: "4 / 3",
    eager: true,
  });
  return h(
    "div",
    { class: photo ? "wrap hero" : "wrap hero hero-plain" },
    h(
      "div",
      { class: "hero-text" },
      h("h1", { dir: "auto" }, title),
      place.intro_html && directed(h("div", { class: "lead" }, richText(place.intro_html))),
      openLine(place),
      actions(place),
      withAddress &&
        addressLines(place).length > 0 &&
        h(
          "p",
          { class: "hero-address" },
          icon("pin"),
          h("a", { href: pathOf("location", place) }, addressLines(place).join(", ")),
        ),
    ),
    photo && h("figure", { class: "hero-photo" }, photo),
  );
}

function actions(place) {
  const ways = placeActions(place).filter(Boolean);
  return ways.length > 0 && h("div", { class: "actions" }, ways);
}

/** Book, call, directions: the first that there is leads. */
export function placeActions(place) {
  const phone = mainPhone(place);
  const book =
    place.booking_url &&
    h("a", { class: "button", href: place.booking_url }, icon("calendar"), "Book a visit");
  const call =
    phone &&
    h(
      "a",
      { class: book ? "button button-quiet" : "button", href: `tel:${phone.e164}` },
      icon("phone"),
      hidden("Call "),
      phoneText(phone),
    );
  const way =
    place.street_address &&
    h(
      "a",
      { class: "button button-quiet", href: directionsUrl(place) },
      icon("pin"),
      "Directions",
      hidden(" in Google Maps"),
    );
  return [book, call, way];
}

/** A section with a heading and, beside it, a link to all there is. */
export function section(title, { more, moreText, wide = false, ...attributes } = {}, ...children) {
  return h(
    "section",
    { class: wide ? "band" : "block", ...attributes },
    h(
      "div",
      { class: "wrap" },
      h(
        "div",
        { class: "section-head" },
        h("h2", {}, title),
        more && h("a", { class: "more", href: more }, moreText, icon("arrow")),
      ),
      children,
    ),
  );
}

/** A field to search in, where a reader begins if `isFirst`; what else is chosen goes along. */
export function searchForm({
  q,
  action,
  label,
  placeholder,
  word = "Search",
  also = {},
  isFirst = false,
}) {
  const kept = Object.entries(also).filter(([, value]) => value);
  return h(
    "form",
    { class: "search", action, method: "get", role: "search", "aria-label": label },
    h("label", { class: "visually-hidden", for: "page-search" }, label),
    h("input", {
      id: "page-search",
      type: "search",
      name: "q",
      value: q ?? "",
      placeholder: placeholder ?? "Try “knee pain”",
      autocomplete: "off",
      maxlength: "200",
      "data-first": isFirst,
    }),
    kept.map(([name, value]) => h("input", { type: "hidden", name, value })),
    h(
      "button",
      { class: "button", type: "submit" },
      icon("search"),
      h("span", { class: "search-word" }, word),
    ),
  );
}

/** The top of a page that is not an article. */
export function pageHead(title, ...children) {
  return h("header", { class: "wrap page-head" }, h("h1", {}, title), fragment(children));
}

function readingTime({ reading_minutes: minutes, locale }) {
  const text = `${minutes} ${wordsIn(locale).minutes}`;
  return minutes ? h("span", { class: "reading" }, text) : null;
}
