// On a narrow screen the list of contents would fill the first page: it starts folded.
for (const contents of document.querySelectorAll("[data-contents]")) {
  contents.open = matchMedia("(min-width: 64rem)").matches;
}
