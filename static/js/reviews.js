// The verdict by keyboard: A, R, Q, and the field that follows; P and S for the items beside; sentences to complete. The page does without.
"use strict";

(() => {
  const DECISIONS = { a: "accepted", r: "refused", q: "question" };
  const NEIGHBOURS = { p: "prev", s: "next" };
  const OFF = "convergence.reviews.keys-off"; // single-key shortcuts must be possible to turn off (WCAG 2.1.4)

  const form = document.querySelector("[data-verdict-form]");
  const help = document.querySelector("[data-review-keys]");
  if (!form || !help) return;

  const reason = form.elements.reason;
  const reasonGroup = form.querySelector("[data-reason]");
  const submit = form.querySelector("[type=submit]");
  const toggle = help.querySelector("button");
  const chosen = () => form.elements.decision.value;

  const phrases = form.querySelector("[data-phrases]");

  // The motive of a refusal, and the sentences that go with what is chosen: those without a motive are questions.
  function showReason() {
    const decision = chosen();
    reasonGroup.hidden = decision !== "refused";
    const wanted = decision === "refused" ? reason.value || null : decision === "question" ? "" : null;
    const shown = [...phrases.querySelectorAll("[data-phrase-of]")].filter((each) => {
      each.hidden = each.dataset.phraseOf !== wanted;
      return !each.hidden;
    });
    phrases.hidden = shown.length === 0;
  }

  // What was typed stays: the sentence comes after it, and the field takes the focus to be completed.
  function insert(sentence) {
    const text = form.elements.text;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n${sentence}` : sentence;
    text.focus();
  }

  function areOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false; // storage refused: the shortcuts stay on for this page
    }
  }

  function turn(off) {
    try {
      localStorage.setItem(OFF, off ? "1" : "0");
    } catch {
      // Not remembered; still applied below.
    }
    toggle.setAttribute("aria-pressed", String(off));
  }

  function choose(decision) {
    const radio = form.querySelector(`[name=decision][value=${decision}]`);
    radio.checked = true;
    showReason();
    const next = { accepted: submit, refused: reason, question: form.elements.text }[decision];
    next.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  const isTyping = (element) => element.isContentEditable || element.matches("input, textarea, select");

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const withModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (withModifier || isTyping(event.target) || toggle.getAttribute("aria-pressed") === "true") return;
    if (key in NEIGHBOURS) {
      document.querySelector(`.review-neighbours [rel=${NEIGHBOURS[key]}]`)?.click();
    } else if (key in DECISIONS) {
      event.preventDefault(); // the letter must not be typed into the field that takes the focus
      choose(DECISIONS[key]);
    }
  });

  form.addEventListener("change", showReason);
  phrases.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) insert(button.textContent);
  });
  toggle.addEventListener("click", () => turn(toggle.getAttribute("aria-pressed") !== "true"));
  toggle.setAttribute("aria-pressed", String(areOff()));
  help.hidden = false;
  showReason();
})();
