// The desk: keys, replies where one types, and a draft that keeps itself. The page is whole without this file.
(() => {
  const desk = document.querySelector("[data-desk]");
  const form = document.getElementById("decision");
  if (!desk || !form) return;
  const all = (selector, root = desk) => [...root.querySelectorAll(selector)];

  // What belongs to the decision tells htmx, wherever it stands on the page.
  let last = document.getElementById("id_text");
  desk.addEventListener("input", ({ target }) => target.form === form && form.dispatchEvent(new Event("typed")));
  desk.addEventListener("focusin", ({ target }) => { if (target.matches("textarea")) last = target; });

  // Once the decision is on its way, no draft of it is sent after it: it would be told that all is decided.
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  form.addEventListener("htmx:beforeRequest", (event) => sent && event.preventDefault());
  addEventListener("pageshow", () => { sent = false; });

  // A saved reply goes where the cursor was.
  const insert = desk.querySelector("[data-insert]");
  insert?.addEventListener("click", (event) => {
    event.preventDefault();
    const choice = document.getElementById("insert");
    const text = choice.selectedOptions[0]?.dataset.text;
    if (!text) return choice.focus();
    if (!last.isConnected) last = document.getElementById("id_text");
    last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
    last.focus();
    last.dispatchEvent(new Event("input", { bubbles: true }));
    choice.value = "";
  });

  // Single keys: off while typing, and for whoever switches them off.
  const memory = { get off() { try { return localStorage.deskKeys === "off"; } catch { return false; } } };
  all("[data-desk-keys]").forEach((box) => {
    box.checked = !memory.off;
    box.addEventListener("change", () => { try { localStorage.deskKeys = box.checked ? "on" : "off"; } catch { /* not allowed to remember */ } });
  });
  const criteria = () => all("[data-criterion]");
  const here = () => document.activeElement.closest("[data-criterion]");
  const move = (step) => {
    const found = criteria(), place = found.indexOf(here());
    const to = found[place < 0 ? (step > 0 ? 0 : found.length - 1) : Math.min(Math.max(place + step, 0), found.length - 1)];
    to?.focus();
    to?.scrollIntoView({ block: "nearest" });
  };
  const verdict = (place) => {
    const radio = here() && all("input[type=radio]", here())[place];
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const comment = () => {
    const fold = here()?.querySelector(".talk > details");
    if (!fold) return;
    const write = () => fold.querySelector("textarea").focus();
    // What opens can be written in only once it is drawn.
    fold.open ? write() : fold.addEventListener("toggle", () => requestAnimationFrame(write), { once: true });
    fold.open = true;
  };
  const help = () => {
    const keys = desk.querySelector(".keys");
    keys.open = true;
    keys.querySelector("summary").focus();
    keys.scrollIntoView({ block: "nearest" });
  };
  const actions = {
    j: () => move(1), k: () => move(-1), 1: () => verdict(0), 2: () => verdict(1), 3: () => verdict(2), 4: () => verdict(3),
    r: () => here()?.querySelector("textarea[form=decision]")?.focus(), c: comment,
    d: () => { form.focus(); form.scrollIntoView({ block: "start" }); },
    n: () => location.assign(desk.querySelector(".crumbs a").href), "?": help,
  };
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || !actions[key]) return;
    if (key !== "?" && memory.off) return;
    if (target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    event.preventDefault();
    actions[key]();
  });
})();
