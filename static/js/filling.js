// Saves answers as they are given: htmx sends, this decides when and says what happens.
"use strict";

(() => {
  const TYPING_PAUSE = 1500; // milliseconds without a key before what is typed is saved
  const pending = new Map();

  const cardOf = (element) => element.closest("[data-question]");
  const announcements = document.getElementById("annonces");
  const sentences = announcements.dataset; // in the reader's language, from the template
  const stateOf = (card) => card && document.getElementById(`etat-${card.id}`);

  function say(card, text) {
    const line = stateOf(card);
    if (line) line.textContent = text;
  }

  function saveNow(field) {
    clearTimeout(pending.get(field));
    pending.delete(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!cardOf(field) || !field.matches("textarea, input[type=text], input[type=date]")) return;
    clearTimeout(pending.get(field));
    pending.set(field, setTimeout(() => saveNow(field), TYPING_PAUSE));
    say(cardOf(field), sentences.typing);
  });

  document.addEventListener("change", (event) => {
    clearTimeout(pending.get(event.target));
    pending.delete(event.target);
  });

  // Leaving the page, or the tab, does not wait for the pause.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") [...pending.keys()].forEach(saveNow);
  });

  // Reloading while typing: save what can be, and let the browser ask before the words are gone.
  window.addEventListener("beforeunload", (event) => {
    if (!pending.size) return;
    [...pending.keys()].forEach(saveNow);
    event.preventDefault();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    // What its files ask for, their scan or their removal, says so by itself.
    if (event.target.matches("[data-question]")) say(event.target, sentences.saving);
  });

  function failed(event, text) {
    const card = cardOf(event.target);
    // A file on its way says so at its own row.
    if (!card || event.target.matches("[data-sending]")) return;
    say(card, text);
    announcements.textContent = `${card.id} : ${text}`;
  }

  document.addEventListener("htmx:sendError", (event) => failed(event, sentences.offline));
  document.addEventListener("htmx:responseError", (event) => failed(event, sentences.failed));
})();
