// The editor's own checks: its user bar, put into a draft that is shown in its frame, runs
// them here and tells the editor what they find. Only the address of drafts may load it.

let mounted = false;

/** Adds the bar to the page, once; `markup` is what the editor's server gave for it. */
export function mountChecks(markup) {
  if (!markup || mounted || window.top === window) return;
  mounted = true;
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  // Scripts that come as markup do not run: they are made anew, in their order.
  const sources = [...holder.content.querySelectorAll("script[src]")].map(({ src }) => src);
  for (const script of holder.content.querySelectorAll("script[src]")) script.remove();
  // Of what is meant for pages of the editor itself there is nothing here.
  const bar = holder.content.querySelector("template");
  for (const link of bar?.content.querySelectorAll('link[href^="/"]') ?? []) {
    if (!link.getAttribute("href").startsWith("//")) link.remove();
  }
  document.body.append(holder.content);
  for (const src of sources) {
    const script = document.createElement("script");
    script.src = src;
    script.async = false;
    document.body.append(script);
  }
}
