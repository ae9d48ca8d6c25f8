// Clinicast's elements for other people's pages: <clinic-article-feed>, a clinic's newest
// articles, and <clinic-article>, one of them in full.
//
//   <script type="module" src="https://cms.example/embed/v1/clinic-feed.js"></script>
//   <clinic-article-feed limit="4"><a href="https://clinic.example">Our clinic</a></clinic-article-feed>
//   <clinic-article slug="knee-pain"><a href="https://clinic.example">Our clinic</a></clinic-article>
//
// What is inside of an element stands there until the clinic has answered, and where no
// script runs. Font and colour are those of the page around. No cookies, nothing stored,
// nothing asked of anybody but the clinic. How it is used: /developers/embed/.

const API = new URL("/api/v1/", import.meta.url);
