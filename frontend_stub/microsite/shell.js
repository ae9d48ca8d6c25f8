// Header and footer: who this is, how to reach them, what else there is.

import { applyAccent } from "./accent.js";
import { fragment, h, hidden, icon } from "./dom.js";
import { openLine } from "./opening.js";
import { phoneLink } from "./parts.js";
import { picture } from "./pictures.js";
import { addressLines, mainPhone, pathOf, phoneText } from "./words.js";

const EMERGENCY_NUMBERS = { AU: "000", CA: "911", GB: "999", NZ: "111", US: "911" };

const WORDMARK_RATIO = 1.8;

const drawn = new Map();

/** Fills the header; does nothing when it has been drawn for this very site. */
export function drawHeader(site) {
  if (!isNew("header", site)) return;
  applyAccent(site.location?.accent_color);
  slot("brand").replaceChildren(brand(site));
  slot("call").replaceChildren(callButton(site));
}

/** Fills the footer, as above. */
export function drawFooter(site) {
  if (isNew("footer", site)) slot("footer").replaceChildren(footer(site));
}

/** Marks the section of the main navigation that the path lies in. */
export function markCurrent(path) {
  const section = path.replace(/^\/locations\//, "/location/");
  for (const link of document.querySelectorAll(".site-nav a")) {
    const target = link.getAttribute("href");
    if (section === target) link.setAttribute("aria-current", "page");
    else if (section.startsWith(target)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function isNew(part, site) {
  if (!site || drawn.get(part) === site) return false;
  drawn.set(part, site);
  return true;
}

function brand({ practice, location }) {
  const logo = picture(practice.logo, { sizes: "160px", eager: true, decorative: true });
  // A wide logo spells the name already.
  const isName = logo && practice.logo.width > WORDMARK_RATIO * practice.logo.height;
  return fragment(
    h("span", { class: logo ? "brand-logo" : "brand-mark", "aria-hidden": "true" }, logo),
    h(
      "span",
      { class: "brand-text" },
      h("span", { class: isName ? "visually-hidden" : "brand-name" }, practice.name),
      h("span", { class: "brand-place" }, location?.short_name ?? "All our locations"),
    ),
  );
}

function callButton({ practice, location }) {
  const phone = mainPhone(location) ?? practicePhone(practice);
  if (!phone) return fragment();
  return h(
    "a",
    { class: "button button-quiet", href: `tel:${phone.e164}` },
    icon("phone"),
    hidden("Call "),
    h("span", { class: "call-number" }, phoneText(phone)),
  );
}

function footer(site) {
  const { practice, location, locations } = site;
  return fragment(
    h("div", { class: "footer-grid" }, location ? here(location) : whole(practice), [
      elsewhere(locations.filter((other) => other !== location)),
      h(
        "section",
        {},
        h("h2", {}, "Good to know"),
        h(
          "p",
          {},
          "What you read here is general information. It does not replace the advice of " +
            "someone who has examined you.",
        ),
        h("p", {}, emergency(location ?? locations[0])),
      ),
    ]),
    h("p", { class: "footer-legal" }, legal(practice)),
  );
}

function here(location) {
  const phone = mainPhone(location);
  return h(
    "section",
    {},
    h("h2", {}, location.short_name),
    h(
      "address",
      {},
      addressLines(location).map((line) => h("span", { class: "line" }, line)),
    ),
    phone && h("p", {}, phoneLink(phone)),
    openLine(location),
  );
}

function whole(practice) {
  const phone = practicePhone(practice);
  return h("section", {}, h("h2", {}, practice.name), phone && h("p", {}, phoneLink(phone)));
}

function elsewhere(others) {
  if (!others.length) return null;
  const links = others.map((other) =>
    h("li", {}, h("a", { href: pathOf("location", other) }, other.short_name)),
  );
  return h("section", {}, h("h2", {}, "Other locations"), h("ul", { class: "plain" }, links));
}

function emergency(location) {
  const number = EMERGENCY_NUMBERS[location?.country] ?? "your local emergency number";
  return h("strong", {}, `In an emergency, call ${number}.`);
}

function legal(practice) {
  const license = practice.license?.name && [
    " Texts may be used under ",
    practice.license.url
      ? h("a", { href: practice.license.url, rel: "license" }, practice.license.name)
      : practice.license.name,
    ".",
  ];
  const owner = (practice.legal_name || practice.name).replace(/\.$/, "");
  return [`© ${owner}.`, license];
}

function practicePhone({ phone }) {
  return phone ? { e164: phone, display: "" } : null;
}

function slot(name) {
  return document.querySelector(`[data-shell="${name}"]`);
}
