// Font, size and colour are inherited; what would garble a text on its way in is not.

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  .all {
    text-align: start; text-indent: 0; text-transform: none; letter-spacing: normal;
    word-spacing: normal; white-space: normal; overflow-wrap: break-word;
    --line: var(--clinic-line, 1px solid color-mix(in srgb, currentcolor 25%, transparent));
    --surface: var(--clinic-surface, color-mix(in srgb, currentcolor 7%, transparent));
    --muted: var(--clinic-muted, inherit);
  }
  h1, h2, h3, h4, h5, h6 { font: inherit; font-weight: 700; line-height: 1.25; margin: 0; }
  p, ul, ol, figure, blockquote { margin: 0; padding: 0; }
  a { color: var(--clinic-link, inherit); }
  :focus-visible { outline: 3px solid var(--clinic-focus, currentcolor); outline-offset: 2px; }
  [tabindex="-1"]:focus { outline: none; }
  img { display: block; max-width: 100%; height: auto; }
  button {
    min-height: 44px; margin-top: 0.5em; padding: 0 1.25em; border: 2px solid; border-radius: 0;
    background: none; color: inherit; font: inherit; font-weight: 700; cursor: pointer;
  }
  .notice > p:first-child { margin-top: 0.75em; }
  .notice > * + * { margin-top: 0.5em; }

  .list { list-style: none; }
  .list > li { padding-block: var(--clinic-gap, 1em); }
  .list > li + li { border-top: var(--line); }
  .list > li > :first-child { font-size: 1.15em; }
  .list p { margin-top: 0.3em; }
  .small { color: var(--muted); font-size: 0.9em; }

  .article { max-width: var(--clinic-measure, 42em); }
  .title { font-size: 1.8em; }
  .summary { margin-top: 0.6em; font-size: 1.1em; }
  .facts { margin-top: 1em; padding-block: 0.75em; border-block: var(--line); }
  .facts > * + * { margin-top: 0.25em; }
  .text { margin-top: 1.25em; }
  .text > * + *, .text section > * + *, aside > * + * { margin-top: var(--clinic-gap, 1em); }
  .text :is(h2, h3, h4, h5, h6) + * { margin-top: 0.35em; }
  .text > :is(h1, h2, h3, h4, h5, h6) { margin-top: 1.5em; font-size: 1.35em; }
  .text > .minor { margin-top: 1.25em; font-size: 1.15em; }
  .text :is(ul, ol), .references ol { padding-inline-start: 1.5em; }
  .text li + li, .references li + li { margin-top: 0.4em; }
  aside, .exercise { padding: 1.1em; background: var(--surface); }
  .seek-care { border: 2px solid var(--clinic-alert, currentcolor); }
  blockquote { padding-inline-start: 1.1em; border-inline-start: 4px solid var(--clinic-alert, currentcolor); }
  cite { display: block; font-size: 0.9em; }
  figcaption { margin-top: 0.4em; font-size: 0.9em; color: var(--muted); }
  .scrolls { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
  caption, th, td { padding: 0.5em 0.75em 0.5em 0; text-align: start; }
  th, td { min-width: 6em; border-top: var(--line); vertical-align: top; }
  .mark { padding: 0 0.15em; }
  .references, .corrections, .ending { margin-top: 2em; padding-top: 1em; border-top: var(--line); font-size: 0.9em; }
  .references > * + *, .corrections > * + *, .ending > * + * { margin-top: 0.6em; }
  .references a { overflow-wrap: anywhere; }
  .references li:focus { background: var(--surface); }
  .back { display: inline-block; min-width: 24px; min-height: 24px; text-align: center; }
  @media print { button, .back { display: none; } }
`);
