// What HTML cannot do alone. Every page works without this file; with it, fewer trips and clearer waiting.
(() => {
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (name, act, target = document) => target.addEventListener(name, act);
  document.documentElement.classList.add("js");

  // Toasts. Those that only tell leave by themselves; offers and errors stay. One error at a time is enough.
  const toasts = () => document.getElementById("toasts");
  const dismissLater = (toast) => toast.querySelector("form, a") || toast.role === "alert" || setTimeout(() => toast.remove(), 8000);
  const forgive = () => all("[role=alert]", toasts()).forEach((toast) => toast.remove());
  const make = (tag, set) => Object.assign(document.createElement(tag), set);
  const say = (text, href, label) => {
    if (!toasts()) return;
    forgive();
    const toast = make("p", { className: "toast", role: "alert" });
    toast.append(make("span", { textContent: text }));
    if (href) toast.append(make("a", { href, textContent: label, target: "_blank" }));
    const close = make("button", { type: "button", textContent: "Close" });
    close.dataset.dismiss = "";
    toast.append(close);
    toasts().append(toast);
  };
  if (toasts()) {
    all(".toast", toasts()).forEach(dismissLater);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
      if (!node.classList) return;
      // One offer to undo at a time: many ticks must not bury the page. Whoever stood on the old one stands on the new one.
      if (node.querySelector("form")) all(".toast:has(form)", toasts()).forEach((old) => {
        if (old === node) return;
        if (old.contains(document.activeElement)) node.querySelector("button").focus();
        old.remove();
      });
      dismissLater(node);
    }))).observe(toasts(), { childList: true });
  }

  // Focus: an error summary first, else what the server marked. htmx itself keeps the focus on a control by its id.
  const focusIn = (root) => root.querySelector("[data-error-summary], [data-focus]")?.focus();
  focusIn(document);

  // Time zone: filled in where nobody chose one yet, offered where the saved one differs.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  all("[data-timezone]").forEach((field) => {
    const known = !field.options || [...field.options].some((option) => option.value === zone);
    if (!zone || !known || field.value === zone) return;
    const hint = document.querySelector("[data-timezone-hint]");
    const choose = () => { field.value = zone; };
    if (!hint && ["", "UTC"].includes(field.value)) choose();
    if (!hint) return;
    all("[data-zone]", hint).forEach((slot) => { slot.textContent = zone.replaceAll("_", " "); });
    hint.querySelector("button").addEventListener("click", () => { choose(); hint.hidden = true; field.focus(); });
    hint.hidden = false;
  });

  on("click", ({ target }) => {
    const button = target.closest?.("button");
    // Dialogs, for browsers that do not know invoker commands.
    const dialog = !("command" in HTMLButtonElement.prototype) && document.getElementById(button?.getAttribute("commandfor"));
    if (dialog) button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
    if (button?.matches("[data-dismiss]")) button.closest(".toast").remove();
    if (button?.matches("[data-copy]")) {
      const source = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(source.value ?? source.innerText.trim()).then(
        () => { button.textContent = "Copied"; }, () => say("Copying was refused. Select the text and copy it."));
    }
    // The account menu closes when attention moves elsewhere.
    all("details.menu[open]").forEach((menu) => menu.contains(target) || (menu.open = false));
  });
  on("keydown", ({ key }) => key === "Escape" && all("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.firstElementChild.focus();
  }));
  on("change", ({ target }) => target.form?.matches("[data-autosubmit]") && target.matches("select, [type=checkbox], [type=radio]") && target.form.requestSubmit());

  // Suggestions under a search field: a combobox, made here because without a script there is nothing to suggest.
  all("[data-suggest]").forEach((box) => {
    const field = box.querySelector("input");
    const list = make("div", { id: `${field.id}-list`, className: "suggestions", hidden: true });
    const set = (node, names) => Object.entries(names).forEach(([name, value]) => node.setAttribute(name, value));
    set(list, { role: "listbox", "aria-label": "Suggestions" });
    set(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": false, "aria-controls": list.id });
    box.append(list);
    let place = -1, timer, asking;
    const choose = (to) => {
      place = to;
      [...list.children].forEach((option, number) => option.setAttribute("aria-selected", number === place));
      field.setAttribute("aria-activedescendant", list.children[place]?.id ?? "");
      list.children[place]?.scrollIntoView({ block: "nearest" });
    };
    const show = (open) => {
      list.hidden = !open;
      field.setAttribute("aria-expanded", open);
      choose(-1);
    };
    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking, text = field.value.trim();
      try {
        const answer = text && await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal });
        list.innerHTML = answer?.ok ? await answer.text() : "";
      } catch { return; }
      [...list.children].forEach((option, number) => { option.id = `${list.id}-${number}`; });
      show(list.children.length > 0 && document.activeElement === field);
    };
    on("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); }, field);
    on("keydown", (event) => {
      const count = list.children.length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && count) {
        if (list.hidden) show(true);
        choose(((place + 1 + step + count + 1) % (count + 1)) - 1);
      } else if (event.key === "Enter" && list.children[place]) list.children[place].click();
      else if (event.key === "Escape" && !list.hidden) show(false);
      else return;
      event.preventDefault();
    }, field);
    on("blur", () => show(false), field);
    on("mousedown", (event) => event.preventDefault(), list);
  });

  // The key / leads to the search. Whoever speaks to the computer or hits keys by accident switches it off.
  const memory = { get off() { try { return localStorage.searchKey === "off"; } catch { return false; } } };
  all("[data-search-key]").forEach((box) => {
    box.checked = !memory.off;
    on("change", () => { try { localStorage.searchKey = box.checked ? "on" : "off"; } catch { /* not allowed to remember */ } }, box);
  });
  on("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key !== "/" || ctrlKey || metaKey || altKey || memory.off || target.closest("input, textarea, select, [contenteditable]")) return;
    const to = [...all("[data-suggest] input, .to-search")].reverse().find((each) => each.checkVisibility());
    to?.focus();
    if (to) event.preventDefault();
  });

  // Passkeys: the browser's refusal in plain words.
  on("allauth.error", (event) => {
    event.preventDefault();
    say("No passkey was used, and nothing changed. Try again, or use your password.");
  });

  // htmx where only some readers need it: brought when somebody reaches for a part that it makes live.
  const late = document.querySelector("meta[name=htmx-late]")?.content;
  const bring = ({ target }) => {
    if (!late || !target.closest?.("[hx-get], [hx-post]") || document.readyState !== "complete") return;
    reach.forEach((name) => document.removeEventListener(name, bring));
    document.head.append(make("script", { src: late }));
  };
  const reach = ["pointerover", "pointerdown", "focusin"];
  reach.forEach((name) => on(name, bring));

  // htmx: busy only when it takes longer than a blink; what was typed is never lost to a failure.
  const waiting = new WeakMap();
  const settle = ({ detail: { target } }) => { clearTimeout(waiting.get(target)); target?.removeAttribute("aria-busy"); };
  on("htmx:configRequest", ({ detail }) => {
    // The cookie's token rather than the page's: signing in again in another tab makes the page's worthless.
    const token = document.cookie.match(/(?:^|; )csrftoken=(\w+)/);
    if (token && detail.verb !== "get") {
      detail.formData.delete("csrfmiddlewaretoken");
      detail.headers["X-CSRFToken"] = token[1];
    }
    // A filter that is not used has no place in the address.
    if (detail.verb === "get") [...detail.formData].forEach(([name, value]) => value || detail.formData.delete(name));
  });
  on("htmx:beforeRequest", ({ detail: { target } }) => {
    if (toasts()) forgive();
    waiting.set(target, setTimeout(() => target.setAttribute("aria-busy", "true"), 300));
  });
  on("htmx:afterRequest", settle);
  on("htmx:beforeSwap", (event) => {
    // Signed out meanwhile: the sign-in page must not land inside this one.
    if (!event.detail.xhr.responseURL.includes("/accounts/login/")) return;
    event.detail.shouldSwap = false;
    say("You are signed out. What you typed is still here.", "/accounts/login/", "Sign in in a new tab");
  });
  on("htmx:afterSettle", ({ detail }) => focusIn(detail.elt));
  on("htmx:responseError", ({ detail: { xhr } }) => say(
    xhr.status === 403 ? "You may not do that. Reload the page; if it stays so, ask the staff of Rounds."
      : xhr.status === 404 ? "That is not there any more. Reload the page to see what is."
      : xhr.status === 429 ? "That was too often. Wait a minute, then try again."
      : "That did not work on our side. What you typed is still here: try again in a moment."));
  on("htmx:sendError", () => say("No connection. What you typed is still here: try again when you are online."));
  on("htmx:timeout", () => say("That took too long. What you typed is still here: try again."));

  // The admin opts out of view transitions; one begun on the way there would end in a console error.
  on("pageswap", (event) => {
    const url = event.activation?.entry.url;
    if (url && new URL(url).pathname.startsWith("/admin/")) event.viewTransition?.skipTransition();
  }, window);
})();
