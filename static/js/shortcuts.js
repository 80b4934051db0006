// A theme by keyboard: J and K for the questions, N and B for those that wait, / to search, ? for the sheet. The page does without.
"use strict";

(() => {
  const OFF = "convergence.filling.keys-off"; // single-key shortcuts must be possible to turn off (WCAG 2.1.4)

  const sheet = document.getElementById("raccourcis");
  const opener = document.querySelector("[data-opens-shortcuts]");
  const announcements = document.getElementById("annonces");
  if (!sheet || !opener || !announcements) return;

  const said = sheet.dataset; // in the reader's language, from the template
  const toggle = sheet.querySelector("[type=checkbox]");
  const questions = () => [...document.querySelectorAll(".question")];

  function areOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return !toggle.checked; // storage refused: remembered for this page only
    }
  }

  function turn(off) {
    try {
      localStorage.setItem(OFF, off ? "1" : "0");
    } catch {
      // Not remembered; the box says it for this page.
    }
  }

  // --- Where one is, and where one goes -----------------------------------------------------------

  // The question that has the focus, else the last one whose top has been scrolled past; -1 above the first.
  function placeIn(all) {
    const focused = all.findIndex((each) => each.contains(document.activeElement));
    if (focused >= 0) return focused;
    const below = all.findIndex((each) => each.getBoundingClientRect().top > 8);
    return (below < 0 ? all.length : below) - 1;
  }

  function goTo(question, all) {
    question.focus({ preventScroll: true });
    question.scrollIntoView({ block: "start" });
    announcements.textContent = said.place
      .replace("RANG", all.indexOf(question) + 1)
      .replace("TOTAL", all.length)
      .replace("TITRE", `${question.id} : ${question.querySelector(".question__wording").textContent}`);
  }

  function step(by) {
    const all = questions();
    const question = all[placeIn(all) + by];
    if (question) goTo(question, all);
    else announcements.textContent = by > 0 ? said.last : said.first;
  }

  // The next one of this page that waits, else the link that leads to the first of the following themes.
  function next(what) {
    const all = questions();
    const waits = (each) => each.matches("[data-question]") && each.querySelector(`.question__badge[data-${what}]`);
    const ahead = all.slice(placeIn(all) + 1).find(waits);
    const link = document.querySelector(`[data-next-${what}]`);
    if (ahead) goTo(ahead, all);
    else if (link && link.pathname !== window.location.pathname) link.click();
    else if (all.some(waits)) goTo(all.find(waits), all);
    else announcements.textContent = said[`no${what[0].toUpperCase()}${what.slice(1)}`];
  }

  const SHORTCUTS = {
    j: () => step(1),
    k: () => step(-1),
    n: () => next("unanswered"),
    b: () => next("blocking"),
    "/": () => document.getElementById("chercher-une-question").focus(),
    "?": () => sheet.showModal(),
  };

  // A radio or a box takes no letter: one answers, then goes on.
  const isTyping = (element) => element.isContentEditable
    || element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=file])");

  document.addEventListener("keydown", (event) => {
    const withModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (withModifier || event.repeat || event.isComposing || areOff()) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const shortcut = SHORTCUTS[event.key.toLowerCase()];
    if (!shortcut) return;
    event.preventDefault(); // the key must not be typed into the field that takes the focus
    shortcut();
  });

  opener.addEventListener("click", () => sheet.showModal());
  toggle.addEventListener("change", () => turn(!toggle.checked));
  toggle.checked = !areOff();
  opener.hidden = false;
})();
