// The editor: parts of the form that the type of answer does not read are hidden, rows come and go, questions are
// dragged. The page does without: every field shows, ranks are numbers, and arrows move.
"use strict";

(() => {
  document.documentElement.classList.add("js");

  // --- The form of a question -------------------------------------------------------------------------------------

  const form = document.getElementById("question");

  function showForType() {
    const kind = form.elements.type.value;
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind);
  }

  function changed() {
    form.dispatchEvent(new CustomEvent("editor:changed"));
  }

  const rowsOf = (rows) => [...rows.querySelectorAll("[data-row]")].filter((row) => !row.hidden);

  function number(rows) {
    rowsOf(rows).forEach((row, place) => {
      row.querySelector("[name$=ORDER]").value = place + 1;
    });
  }

  function addRow(rows) {
    const total = rows.querySelector("[name$=TOTAL_FORMS]");
    const html = rows.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    rows.querySelector(".editor-rows__list").insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    const row = rows.querySelector(".editor-rows__list").lastElementChild;
    showButtons(row);
    showForType();
    number(rows);
    row.querySelector("input:not([type=hidden]), select").focus();
  }

  const showButtons = (place) => place.querySelectorAll("[data-up], [data-down], [data-remove], [data-add]").forEach((each) => (each.hidden = false));

  function moveRow(row, by) {
    const rows = row.closest("[data-rows]");
    const list = rowsOf(rows);
    const other = list[list.indexOf(row) + by];
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    number(rows);
  }

  function removeRow(row) {
    const rows = row.closest("[data-rows]");
    row.querySelector("[name$=DELETE]").checked = true;
    row.hidden = true;
    number(rows);
    rows.querySelector("[data-add]").focus();
  }

  if (form) {
    form.addEventListener("change", (event) => {
      if (event.target === form.elements.type) showForType();
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-add], [data-up], [data-down], [data-remove]");
      if (!button) return;
      if ("add" in button.dataset) addRow(button.closest("[data-rows]"));
      else if ("remove" in button.dataset) removeRow(button.closest("[data-row]"));
      else {
        moveRow(button.closest("[data-row]"), "up" in button.dataset ? -1 : 1);
        button.focus();
      }
      changed();
    });
    showForType();
    showButtons(form);
    for (const row of form.querySelectorAll(".editor-rows__list [data-row]")) row.hidden = isSpare(row);
  }

  // Empty rows serve those who have no button to add one. One that was taken away before the page was shown again
  // stays away; one that was there, or that something is wrong with, is never hidden.
  function isSpare(row) {
    if (row.querySelector("[name$=DELETE]").checked) return true;
    const place = Number(/-(\d+)-ORDER$/.exec(row.querySelector("[name$=ORDER]").name)[1]);
    const first = Number(row.closest("[data-rows]").querySelector("[name$=INITIAL_FORMS]").value);
    if (place < first || row.querySelector(".fr-error-text")) return false;
    const fields = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox], [name$=ORDER]), select")];
    return fields.every((each) => each.value === "");
  }

  // --- Questions dragged in the tree ------------------------------------------------------------------------------

  const tree = document.getElementById("arbre");
  if (!tree) return;
  let dragged = null;

  const unmark = () =>
    tree.querySelectorAll(".editor-question--before, .editor-questions--end").forEach((each) => each.classList.remove("editor-question--before", "editor-questions--end"));

  // Where the question would stand: before which one, or at the end of which theme.
  function target(event) {
    const list = event.target.closest(".editor-theme")?.querySelector(".editor-questions");
    if (!list) return null;
    const before = [...list.querySelectorAll("[data-key]")].find((item) => {
      const box = item.getBoundingClientRect();
      return item !== dragged && event.clientY < box.top + box.height / 2;
    });
    return { list, before };
  }

  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-key]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
    dragged.classList.add("editor-question--dragged");
  });

  tree.addEventListener("dragover", (event) => {
    const place = dragged && target(event);
    if (!place) return;
    event.preventDefault();
    unmark();
    if (place.before) place.before.classList.add("editor-question--before");
    else place.list.classList.add("editor-questions--end");
  });

  tree.addEventListener("drop", (event) => {
    const place = dragged && target(event);
    if (!place) return;
    event.preventDefault();
    htmx.ajax("POST", dragged.dataset.move, {
      target: "#arbre",
      values: { theme: place.list.dataset.theme, before: place.before?.dataset.key ?? "" },
    });
  });

  tree.addEventListener("dragend", () => {
    dragged?.classList.remove("editor-question--dragged");
    dragged = null;
    unmark();
  });
})();
