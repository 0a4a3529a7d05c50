// Rows of a list on one page: moved by drag or by keys, folded and unfolded. Nothing is saved here: a move writes the
// numbers into the boxes that stand there anyway. The page is whole without this file.
(() => {
  const BOX = "input[data-place]:not([name*=__prefix__])";
  const rowOf = (box) => box.closest("tr, .inline-related");
  const boxOf = (row) => row.querySelector(BOX);
  const isRow = (each) => each?.querySelector?.(`:scope ${BOX}`) && each === rowOf(boxOf(each));
  const rowsOf = (list) => [...list.children].filter(isRow);

  // Which list a row is counted in: constants, and fields of the same row such as its kind.
  const scopeOf = (box) => box.dataset.place.split(" ").map((part) => part.startsWith("=") ? part
    : box.form?.elements[box.name.replace(/[^-]+$/, part)]?.value ?? "").join("|");
  const mates = (row) => rowsOf(row.parentElement).filter((each) => scopeOf(boxOf(each)) === scopeOf(boxOf(row)));
  const numberOf = (row) => parseInt(boxOf(row).value, 10);
  const nameOf = (row) => {
    const named = row.querySelector(".inline_label, td.original p, th[class^=field-], td.field-text, [class*=field-] a");
    const text = (named?.textContent || row.querySelector("textarea, input[type=text]")?.value || "Row").trim().replace(/\s+/g, " ");
    return text.length > 70 ? `${text.slice(0, 70)}…` : text;
  };

  const live = Object.assign(document.createElement("p"), { className: "visually-hidden", id: "rows-said" });
  live.setAttribute("aria-live", "polite");
  const hint = Object.assign(document.createElement("p"), {
    className: "visually-hidden", id: "rows-hint", textContent: "Arrow keys move the row, Home and End to either end. Saved with the page.",
  });
  const say = (row) => {
    const all = mates(row);
    live.textContent = `${nameOf(row)}: place ${all.indexOf(row) + 1} of ${all.length}. Not saved yet.`;
  };

  // The rows of one list share out the numbers that they have; where two have the same one, the later row the next.
  const renumber = (row) => {
    const all = mates(row);
    const numbers = all.map(numberOf).filter(Number.isFinite).sort((a, b) => a - b);
    let last = 0;
    all.forEach((each, place) => {
      last = place < numbers.length ? Math.max(numbers[place], last + 1) : last + 1;
      const box = boxOf(each);
      if (box.value === String(last)) return;
      box.value = last;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  // What a table says of a row that is wrong stands in a row of its own, before it.
  const withErrors = (row) => row.previousElementSibling?.matches(".row-form-errors") ? [row.previousElementSibling, row] : [row];
  const put = (row, at, after) => {
    if (at === row) return;
    after ? at.after(...withErrors(row)) : withErrors(at)[0].before(...withErrors(row));
    renumber(row);
    row.dataset.moved = "";
    say(row);
  };
  const move = (row, to) => {
    const all = mates(row), from = all.indexOf(row), place = Math.min(Math.max(to, 0), all.length - 1);
    place === from ? say(row) : put(row, all[place], place > from);
  };

  const byKey = (event) => {
    const row = event.currentTarget.closest("tr, .inline-related"), from = mates(row).indexOf(row);
    const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: Infinity }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const handle = event.currentTarget;
    move(row, to);
    handle.focus();
    handle.scrollIntoView({ block: "nearest" });
  };

  const byPointer = (event) => {
    if (event.button) return;
    event.preventDefault();
    const handle = event.currentTarget, row = handle.closest("tr, .inline-related"), all = mates(row);
    handle.focus();
    handle.setPointerCapture(event.pointerId); // the row itself moves only in the end
    row.classList.add("dragged");
    let target = null, after = false;
    const clear = () => target?.classList.remove("drop-before", "drop-after");
    const over = ({ clientY }) => {
      clear();
      if (clientY < 60) scrollBy(0, -20);
      if (clientY > innerHeight - 100) scrollBy(0, 20);
      const seen = all.map((each) => [each, each.getBoundingClientRect()]);
      const [near, box] = seen.find(([, box]) => clientY < box.bottom) ?? seen.at(-1);
      target = near;
      after = clientY > (box.top + box.bottom) / 2;
      if (target !== row) target.classList.add(after ? "drop-after" : "drop-before");
    };
    const end = (done) => {
      clear();
      row.classList.remove("dragged");
      handle.removeEventListener("pointermove", over);
      handle.removeEventListener("pointerup", drop);
      handle.removeEventListener("pointercancel", cancel);
      removeEventListener("keydown", escape, true);
      if (!done || !target || target === row) return;
      put(row, target, after);
      handle.focus();
    };
    const drop = () => end(true), cancel = () => end(false);
    const escape = (key) => { if (key.key === "Escape") { key.preventDefault(); end(false); } };
    handle.addEventListener("pointermove", over);
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", cancel);
    addEventListener("keydown", escape, true);
  };

  const give = (row) => {
    if (row.querySelector(":scope .handle")) return;
    const handle = Object.assign(document.createElement("button"), { type: "button", className: "handle", textContent: "⠿" });
    handle.setAttribute("aria-label", `Move ${nameOf(row)}`);
    handle.setAttribute("aria-describedby", "rows-hint");
    handle.addEventListener("keydown", byKey);
    handle.addEventListener("pointerdown", byPointer);
    row.matches("tr") ? boxOf(row).before(handle) : row.prepend(handle);
  };
  // A list that is sorted or searched otherwise than by place has no handles: what one sees would not be what one gets.
  const isInOrder = (list) => rowsOf(list).every((row) => {
    const all = mates(row), next = all[all.indexOf(row) + 1];
    return !next || !(numberOf(next) < numberOf(row));
  });

  const lists = new Set([...document.querySelectorAll(BOX)].map((box) => rowOf(box).parentElement));
  // After a post that was refused, rows come back by their number in the form: put them where they were left.
  const sortByPlace = (list) => {
    for (const row of rowsOf(list)) {
      const all = mates(row), next = all.find((each) => all.indexOf(each) < all.indexOf(row) && numberOf(each) > numberOf(row));
      if (next) withErrors(next)[0].before(...withErrors(row));
    }
  };
  const indexOf = (row) => parseInt(/-(\d+)-[^-]+$/.exec(boxOf(row).name)?.[1] ?? "0", 10);
  if (lists.size || document.querySelector(".inline-group")) (document.getElementById("content") ?? document.body).append(live, hint);
  for (const list of lists) {
    if (list.closest(".inline-group")) sortByPlace(list);
    if (isInOrder(list)) rowsOf(list).forEach(give);
  }
  document.addEventListener("formset:added", ({ target }) => { if (isRow(target)) give(target); });
  // Django counts the rows of a form anew by where they stand; those that are stored must come first for that moment.
  document.addEventListener("formset:removed", ({ detail }) => {
    const group = document.getElementById(`${detail.formsetName}-group`);
    const list = group?.querySelector(BOX) && rowOf(group.querySelector(BOX)).parentElement;
    if (!list?.querySelector("[data-moved]")) return;
    const anchor = list.querySelector(":scope > .empty-form") ?? null;
    for (const row of rowsOf(list).sort((a, b) => indexOf(a) - indexOf(b))) for (const each of withErrors(row)) list.insertBefore(each, anchor);
    setTimeout(() => sortByPlace(list));
  });

  // Folded rows: their boxes for searching are made when they are opened, and all can be opened at once.
  const SEARCH = "admin-autocomplete", LATER = "autocomplete-later";
  for (const card of document.querySelectorAll("details.card:not([open])")) {
    for (const select of card.querySelectorAll(`.${SEARCH}`)) select.classList.replace(SEARCH, LATER);
    card.addEventListener("toggle", () => {
      const waiting = [...card.querySelectorAll(`.${LATER}`)];
      for (const select of waiting) select.classList.replace(LATER, SEARCH);
      if (waiting.length) card.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
    }, { once: true });
  }
  for (const group of document.querySelectorAll(".inline-group")) {
    const cards = () => [...group.querySelectorAll(".inline-related:not(.empty-form) > details.card")];
    if (cards().length < 2) continue;
    const fold = Object.assign(document.createElement("button"), { type: "button", className: "fold" });
    const isOpen = () => cards().every((card) => card.open);
    const name = () => { fold.textContent = isOpen() ? "Fold all" : "Unfold all"; };
    fold.addEventListener("click", () => { const to = !isOpen(); for (const card of cards()) card.open = to; name(); });
    group.addEventListener("toggle", name, true);
    name();
    const heading = group.querySelector(".inline-heading");
    (heading.closest("summary") ?? heading).after(fold);
  }
  const jump = document.querySelector(".jump");
  jump?.addEventListener("click", ({ target }) => { if (target.closest("a")) jump.open = false; });
  jump?.addEventListener("keydown", ({ key }) => { if (key === "Escape") { jump.open = false; jump.firstElementChild.focus(); } });
})();
