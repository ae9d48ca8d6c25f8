// The one door for HTML from the API. The API has cleaned it already; here it is read into
// a document of its own, where nothing runs or loads, and copied element by element. What
// is not on these lists does not arrive, even if the API should one day be wrong.

import { safeUrl } from "./dom.js";

const ALLOWED = new Set(
  (
    "A ABBR ASIDE B BLOCKQUOTE BR CAPTION CITE CODE DD DIV DL DT EM FIGCAPTION FIGURE H2 H3 H4 " +
    "H5 H6 HR I IMG LI MARK OL P PICTURE PRE SECTION SMALL SOURCE SPAN STRONG SUB SUP TABLE TBODY TD " +
    "TFOOT TH THEAD TIME TR UL"
  ).split(" "),
);
const DROPPED_WHOLE = new Set(
  (
    "BUTTON EMBED FORM IFRAME INPUT LINK MATH META NOSCRIPT OBJECT SCRIPT SELECT STYLE SVG " +
    "TEMPLATE TEXTAREA TITLE"
  ).split(" "),
);
const PLAIN_ATTRIBUTES = new Set(
  "alt aria-label class colspan datetime dir height lang rowspan scope sizes start title type value width".split(
    " ",
  ),
);
// Names the page itself uses as targets.
const RESERVED_ID = /^(page|ref|cite)-/;

const policy = globalThis.trustedTypes?.createPolicy("clinicast-inert", {
  createHTML: (html) => html,
});

/** Clean nodes for `html`, ready to be put into the page. */
export function richText(html) {
  const source = new DOMParser().parseFromString(
    policy ? policy.createHTML(html ?? "") : (html ?? ""),
    "text/html",
  );
  const target = document.createDocumentFragment();
  copyChildren(source.body, target);
  return target;
}

function copyChildren(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const name = node.tagName.toUpperCase();
    if (DROPPED_WHOLE.has(name)) continue;
    if (!ALLOWED.has(name)) copyChildren(node, to);
    else to.append(copy(node, name));
  }
}

function copy(node, name) {
  const element = document.createElement(name);
  for (const { name: attribute, value } of node.attributes) {
    if (PLAIN_ATTRIBUTES.has(attribute)) element.setAttribute(attribute, value);
    if (attribute === "id" && !RESERVED_ID.test(value)) element.id = value;
  }
  if (name === "A") copyLink(node, element);
  if (name === "IMG" || name === "SOURCE") copyImage(node, element);
  copyChildren(node, element);
  return element;
}

function copyLink(node, element) {
  const href = node.getAttribute("href") ?? "";
  const url = href.startsWith("#") ? href : safeUrl(href);
  if (url) element.setAttribute("href", url);
}

function copyImage(node, element) {
  const src = imageUrl(node.getAttribute("src"));
  const candidates = (node.getAttribute("srcset") ?? "")
    .split(/,\s+/)
    .map((candidate) => candidate.trim().split(/\s+/))
    .map(([url, size]) => [imageUrl(url), size])
    .filter(([url, size]) => url && /^\d+(\.\d+)?[wx]$/.test(size ?? ""));
  if (src) element.setAttribute("src", src);
  if (candidates.length) {
    element.setAttribute("srcset", candidates.map((pair) => pair.join(" ")).join(", "));
  }
  if (element.tagName === "IMG") {
    element.setAttribute("loading", "lazy");
    element.setAttribute("decoding", "async");
  }
}

function imageUrl(text) {
  const url = safeUrl(text);
  return url?.startsWith("http") ? url : null;
}
