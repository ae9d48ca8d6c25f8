// Has the browser read its tables of languages and time zones before the first date is written,
// which holds a phone up for a tenth of a second and more otherwise. It does so in a worker,
// made of this same script, while the page is still being fetched.

const ITSELF = "/tables.js";

if (globalThis.document && globalThis.Worker) {
  const policy = globalThis.trustedTypes?.createPolicy("clinicast-worker", {
    createScriptURL: () => ITSELF,
  });
  new Worker(policy ? policy.createScriptURL(ITSELF) : ITSELF);
} else if (!globalThis.document) {
  const time = { timeZone: "America/New_York", hour: "numeric" };
  new Intl.DateTimeFormat("en", time).format(new Date());
  new Intl.DisplayNames(["es"], { type: "language" }).of("es");
  globalThis.close();
}
