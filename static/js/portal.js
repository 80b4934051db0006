/* What every page needs: a form that came back with errors says so at once. */
(() => {
  const focusSummary = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
  // A part of a page whose session has ended: the page leads to where one signs in, unless it holds words to keep.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401 && !document.getElementById("reconnexion")) window.location.reload();
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) focusSummary(event.detail.elt);
  });
})();
