/* Keeps the board of a withdrawal up to date: what has changed is drawn, and said. */
(() => {
  const board = document.getElementById("board");
  if (!board) return;
  const SOON_MS = 4_000;
  const LATER_MS = 30_000;
  // Afterwards nobody sits before it and waits.
  const SOON_FOR_MS = 15 * 60_000;
  const says = document.querySelector("[data-board-says]");
  const live = document.querySelector("[data-board-live]");
  const box = live.querySelector("input");
  const again = document.querySelector("[data-board-again]");
  const late = document.querySelector("[data-board-late]");
  const began = Date.now();
  // The network may be away for a moment; after that it is said.
  const MOST_FAILURES = 2;
  let failures = 0;
  let timer;

  const sentence = () =>
    board.querySelector("[data-board-sentence]").dataset.boardSentence;
  const isDone = () => Boolean(board.querySelector("[data-board-done]"));
  // Tokens differ each time, and say nothing.
  const seen = (html) => html.replace(/name="csrfmiddlewaretoken"[^>]*/g, "");
  let drawn = "";

  const draw = (html) => {
    if (drawn === seen(html)) return;
    drawn = seen(html);
    const before = sentence();
    const focused = board.contains(document.activeElement)
      ? document.activeElement.id
      : "";
    board.innerHTML = html;
    if (focused) document.getElementById(focused)?.focus();
    if (sentence() !== before) says.textContent = sentence();
    live.hidden = isDone();
  };

  const look = async () => {
    try {
      const answer = await fetch(board.dataset.board, { cache: "no-store" });
      // Whoever was logged out is led to the login; what was published again, has no board.
      if (answer.redirected || !answer.ok) throw new Error(answer.status);
      draw(await answer.text());
      failures = 0;
      again.hidden = true;
      late.hidden = true;
    } catch {
      failures += 1;
      if (failures < MOST_FAILURES) return;
      again.hidden = false;
      if (late.hidden) says.textContent = late.textContent;
      late.hidden = false;
    }
  };

  const next = () => {
    clearTimeout(timer);
    if (!box.checked || isDone()) return;
    const age = Date.now() - began;
    timer = setTimeout(async () => {
      if (!document.hidden) await look();
      next();
    }, age < SOON_FOR_MS ? SOON_MS : LATER_MS);
  };

  again.hidden = true;
  live.hidden = isDone();
  box.addEventListener("change", next);
  document.addEventListener("visibilitychange", next);
  next();
})();
