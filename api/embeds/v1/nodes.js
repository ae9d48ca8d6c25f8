// From what the API says to nodes. Nothing is read as HTML by the browser, so a page's
// Trusted Types have nothing to allow; what is not expected here does not arrive.

const RICH = new Set("a b br em i li ol p strong sub sup ul".split(" "));
const TOKEN = /<(\/?)([a-z]+)((?:\s+[a-z-]+="[^"]*")*)\s*>|[^<]+|</gi;
const ENTITY = /&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot|nbsp));/gi;
const CHARACTERS = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };
const CITATION = /^#ref-(\d+)$/;

/** An element; strings become text. Attributes without a value are left out. */
function el(name, attributes, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...[children].flat(2).filter(Boolean));
  return element;
}

/** A link, or null where the address is none that may be followed. */
function link(address, text, part) {
  const href = web(address);
  return href ? el("a", { href, part }, text) : null;
}

function web(address) {
  try {
    const url = new URL(address, document.baseURI);
    return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The nodes of a rich text, which the API has cleaned: a few elements, links, citations. */
function rich(html) {
  const open = [document.createDocumentFragment()];
  for (const [text, closes, tag, attributes] of (html ?? "").matchAll(TOKEN)) {
    const name = tag?.toLowerCase();
    if (!name) open.at(-1).append(decoded(text));
    else if (!RICH.has(name)) continue;
    else if (closes) {
      const place = open.findLastIndex((one) => one.localName === name || one.tag === name);
      if (place > 0) open.length = place;
    } else {
      const element = name === "a" ? anchor(attributes) : document.createElement(name);
      open.at(-1).append(element);
      if (name !== "br") open.push(element);
    }
  }
  return open[0];
}

function anchor(attributes) {
  const href = decoded(/\shref="([^"]*)"/i.exec(attributes)?.[1] ?? "");
  const number = CITATION.exec(href)?.[1];
  if (number) return el("a", { href, class: "mark", part: "citation" });
  // Without an address the words stay; its end is then still that of a link.
  return link(href, "", "link") ?? Object.assign(el("span", {}), { tag: "a" });
}

function decoded(text) {
  return text.replace(ENTITY, (entity, decimal, hex, name) => {
    if (name) return CHARACTERS[name.toLowerCase()];
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** A picture in the format that is smallest, with the other one for older browsers. */
function picture(image) {
  const renditions = image?.renditions ?? [];
  const formats = [...new Set(renditions.map((one) => one.format))].reverse();
  const [first, ...others] = formats.map((format) =>
    renditions.filter((one) => one.format === format),
  );
  if (!first) return null;
  const widest = first.reduce((a, b) => (b.width > a.width ? b : a));
  const sizes = "(max-width: 45rem) 100vw, 42rem";
  const sources = others.map((list) =>
    el("source", { type: `image/${list[0].format}`, srcset: srcset(list), sizes }),
  );
  const { url, width, height } = widest;
  const shown = { src: web(url), srcset: srcset(first), sizes, width, height };
  return el("picture", {}, [
    sources,
    el("img", { ...shown, alt: image.alt ?? "", loading: "lazy", part: "image" }),
  ]);
}

function srcset(renditions) {
  return renditions.map(({ url, width }) => `${web(url)} ${width}w`).join(", ");
}
