// A mock interview: counts what this page sends, so that a request which comes late is told from one which comes new; and
// saves again once the connection is back. The page is whole without this file.
(() => {
  const form = document.querySelector("form[data-action=mock-save]");
  if (!form) return;
  const { sequence } = form.elements;
  const next = () => (sequence.value = Number(sequence.value) + 1);
  const again = () => form.dispatchEvent(new Event("again"));
  let retry;
  form.addEventListener("submit", next);
  form.addEventListener("htmx:configRequest", ({ detail, target }) => target === form && detail.formData.set("sequence", next()));
  for (const name of ["htmx:sendError", "htmx:timeout"]) form.addEventListener(name, () => {
    clearTimeout(retry);
    retry = setTimeout(again, 15000);
  });
  form.addEventListener("htmx:afterOnLoad", () => clearTimeout(retry));
  addEventListener("online", again);
})();
