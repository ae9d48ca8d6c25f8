// A location's own colour, made readable: kept where it has 4.5:1 against what it stands on,
// else moved towards black or white until it has.

const ENOUGH = 4.5;
const STEP = 0.04;
// The lightest and the darkest surface that the accent is printed on, from site.css.
const LIGHT_SURFACE = [236, 234, 228];
const DARK_SURFACE = [43, 40, 36];

/** Offers the location's colour to the style sheet, one value for each scheme. */
export function applyAccent(color) {
  const rgb = parse(color);
  const style = document.documentElement.style;
  if (!rgb) {
    style.removeProperty("--accent-on-light");
    style.removeProperty("--accent-on-dark");
    return;
  }
  style.setProperty("--accent-on-light", css(readable(rgb, LIGHT_SURFACE, [0, 0, 0])));
  style.setProperty("--accent-on-dark", css(readable(rgb, DARK_SURFACE, [255, 255, 255])));
}

/** The nearest colour to `rgb` on the way to `pole` that can be read on `surface`. */
function readable(rgb, surface, pole) {
  for (let share = 0; share < 1; share += STEP) {
    const mixed = rgb.map((value, i) => Math.round(value + (pole[i] - value) * share));
    if (contrast(mixed, surface) >= ENOUGH) return mixed;
  }
  return pole;
}

/** Contrast of two colours, 1 to 21. Source: WCAG 2.2, definition of contrast ratio. */
function contrast(one, other) {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb) {
  const [red, green, blue] = rgb
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color ?? "");
  return match ? match.slice(1).map((pair) => parseInt(pair, 16)) : null;
}

function css(rgb) {
  return `rgb(${rgb.join(" ")})`;
}
