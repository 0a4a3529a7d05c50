// Labels that Django's admin leaves out, for those who hear the page.
(() => {
  // A field for searching, when it has a hint, and the headers of columns that hold no field.
  document.getElementById("searchbar")?.setAttribute("aria-label", "Search");
  for (const header of document.querySelectorAll(".tabular th:empty")) {
    header.append(Object.assign(document.createElement("span"), {
      className: "visually-hidden", textContent: header.matches(".original") ? "Row" : "Actions",
    }));
  }

  // Autocomplete boxes have a search field of their own, which carries no label: give it that of its box.
  const name = (select) => select?.labels?.[0]?.textContent.trim().replace(/:$/, "") || select?.getAttribute("aria-label");
  const label = (root) => {
    for (const box of root.querySelectorAll(".select2-container")) {
      const said = name(box.previousElementSibling);
      if (!said) continue;
      for (const field of box.querySelectorAll(".select2-search__field")) field.setAttribute("aria-label", `Search: ${said}`);
    }
  };
  const later = (root) => setTimeout(() => label(root));
  window.addEventListener("load", () => {
    const $ = window.django?.jQuery;
    $?.(() => label(document)); // after the boxes were made, which also waits for jQuery
    // The search field of a single choice exists only while it is open.
    $?.(document).on("select2:open", ({ target }) => setTimeout(() => {
      document.querySelector(".select2-container--open .select2-dropdown .select2-search__field")?.setAttribute("aria-label", `Search: ${name(target)}`);
    }));
  });
  document.addEventListener("formset:added", ({ target }) => later(target));
})();
