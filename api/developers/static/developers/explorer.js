// Swagger UI, from this server, about this server: nobody else is asked anything.
const place = document.querySelector("#explorer");
const isDark = matchMedia("(prefers-color-scheme: dark)");

// Its dark scheme hangs on a class, ours on what the reader prefers.
function follow() {
  document.documentElement.classList.toggle("dark-mode", isDark.matches);
}

follow();
isDark.addEventListener("change", follow);

SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  // The schemas are in the reference, where one can read them.
  defaultModelsExpandDepth: -1,
  // It would send the document to another host to be checked.
  validatorUrl: null,
  supportedSubmitMethods: ["get"],
});
