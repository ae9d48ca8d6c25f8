// How dates and times are written: asked of the browser once for each form, since finding out
// takes longer than writing a hundred of them.

const known = new Map();

/** The `Intl.DateTimeFormat` of a language for `options`. */
export function dateFormat(locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  if (!known.has(key)) known.set(key, new Intl.DateTimeFormat(locale, options));
  return known.get(key);
}
