// Practice: single keys. Off while typing, for whoever switched them off, and without this file, which the page does not need.
(() => {
  const page = document.querySelector("[data-practice]");
  if (!page) return;
  // An answer that is on its way to be locked is kept no more as a draft.
  const answer = document.getElementById("answer");
  let sent = false;
  answer?.addEventListener("submit", () => { sent = true; });
  answer?.addEventListener("htmx:beforeRequest", (event) => sent && event.preventDefault());
  addEventListener("pageshow", () => { sent = false; });
  const button = (action) => page.querySelector(`form[data-action="${action}"] button`);
  const actions = {
    " ": () => button("reveal"), u: () => button("undo"), "-": () => button("bury"), "@": () => button("suspend"),
    ...Object.fromEntries([1, 2, 3, 4].map((grade) => [grade, () => page.querySelector(`#grade-${grade}`)])),
  };
  if (page.dataset.keys !== "off") document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, repeat } = event;
    if (ctrlKey || metaKey || altKey || repeat || !(key in actions)) return;
    if (target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    // Space presses what has the focus.
    if (key === " " && target.closest("a, button, summary, input")) return;
    const found = actions[key]();
    if (!found) return;
    event.preventDefault();
    found.click();
  });
})();
