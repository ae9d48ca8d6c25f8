// Images from the API's renditions: the browser chooses a size, the space is reserved before
// the file arrives, and a crop keeps what the editor marked as important.

import { h } from "./dom.js";

/**
 * A picture that fills a box of its own ratio, or of `ratio` when the box crops.
 * `sizes` is the width it will have, as in HTML. Null without a rendition.
 */
export function picture(image, { sizes, ratio, eager = false, decorative = false } = {}) {
  const renditions = (image?.renditions ?? []).filter((rendition) => rendition.url);
  if (!renditions.length) return null;
  const formats = groupByFormat(renditions);
  const fallback = formats[formats.length - 1];
  const middle = fallback[Math.floor((fallback.length - 1) / 2)];
  const img = h("img", {
    src: middle.url,
    srcset: candidates(fallback),
    sizes,
    alt: decorative ? "" : (image.alt ?? ""),
    width: image.width ?? middle.width,
    height: image.height ?? middle.height,
    loading: eager ? "eager" : "lazy",
    decoding: "async",
  });
  const { x = 0.5, y = 0.5 } = image.focal_point ?? {};
  img.style.objectPosition = `${x * 100}% ${y * 100}%`;
  const sources = formats
    .slice(0, -1)
    .map((group) =>
      h("source", { type: `image/${group[0].format}`, srcset: candidates(group), sizes }),
    );
  const box = h("picture", { class: ratio ? "picture picture-crop" : "picture" }, sources, img);
  if (ratio) box.style.aspectRatio = ratio;
  return box;
}

// The smallest formats first, what every browser can show last.
const PREFERENCE = ["avif", "webp"];

function groupByFormat(renditions) {
  const groups = new Map();
  for (const rendition of [...renditions].sort((one, other) => one.width - other.width)) {
    const format = (rendition.format ?? "").toLowerCase();
    groups.set(format, [...(groups.get(format) ?? []), { ...rendition, format }]);
  }
  const rank = ([format]) => {
    const place = PREFERENCE.indexOf(format);
    return place < 0 ? PREFERENCE.length : place;
  };
  return [...groups].sort((one, other) => rank(one) - rank(other)).map(([, group]) => group);
}

function candidates(group) {
  return group.map(({ url, width }) => `${url} ${width}w`).join(", ");
}
