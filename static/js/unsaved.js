// What is typed in a form marked [data-typed] is not lost: leaving the page asks first, and a form that is sent beside
// another one brings back what the other held. The page does without.
"use strict";

(() => {
  const KEPT = "convergence.unsaved.";
  const forms = [...document.querySelectorAll("[data-typed]")];
  let way = null; // the form, or the link to a file, by which one goes

  // A form that came back with errors, or with a colleague's verdict, holds words that nobody has saved.
  const holdsTyping = (form) => form.hasAttribute("data-came-back") || [...form.elements].some(isChanged);

  function isChanged(field) {
    if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((each) => each.selected !== each.defaultSelected);
    return field.matches("textarea, input") && field.value !== field.defaultValue;
  }

  // The attribute names who types: should somebody else sign in in this tab, nothing is shown to them.
  const keyOf = (form) => `${KEPT}${form.dataset.typed}.${form.getAttribute("action") || location.pathname}`;

  // Kept for this tab only, until the form is shown again; false when the browser refuses.
  function keep(form) {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(fields));
      return true;
    } catch {
      return false;
    }
  }

  function kept(form) {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(form))) ?? [];
    } catch {
      return [];
    }
  }

  function forget(form) {
    try {
      sessionStorage.removeItem(keyOf(form));
    } catch {
      // Nothing was kept then.
    }
  }

  function fill(form, [name, value]) {
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if (!field.matches("[type=radio], [type=checkbox]")) field.value = value;
      else if (field.value === value) field.checked = true;
      if (isChanged(field) && field.closest("details")) field.closest("details").open = true;
    }
  }

  // A verdict leads to the next item, where the other forms are not; any other form leads back to this page. A file is
  // saved beside the page, or else is a page that says why not, from which one comes back.
  const comesBack = (way) => !way.matches("[data-verdict-form]") || way.elements.stay.checked;

  document.addEventListener("submit", (event) => {
    way = event.target;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("a")) way = event.target.closest("a[data-file]");
  });

  window.addEventListener("beforeunload", (event) => {
    forms.forEach(forget);
    const left = forms.filter((form) => form !== way && holdsTyping(form));
    const isKept = way !== null && comesBack(way) && left.every(keep);
    way = null; // the person may choose to stay, then leave by another way
    if (left.length > 0 && !isKept) event.preventDefault();
  });

  for (const form of forms) {
    kept(form).forEach((field) => fill(form, field));
    forget(form);
  }
})();
