/* What every page needs: a form that came back with errors says so at once. */
(() => {
  const focusSummary = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) focusSummary(event.detail.elt);
  });
})();
