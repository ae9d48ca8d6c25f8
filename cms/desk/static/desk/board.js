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
  const began = Date.now();
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
      // Whoever was logged out has to see that: the link leads to the login.
      if (answer.redirected || !answer.ok) return;
      draw(await answer.text());
    } catch {
      // The network is away for a moment: the next look may find it.
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

  document.querySelector("[data-board-again]").hidden = true;
  live.hidden = isDone();
  box.addEventListener("change", next);
  document.addEventListener("visibilitychange", next);
  next();
})();
