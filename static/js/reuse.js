// « Tout cocher » of each theme of the answers to take up. The page does without.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-tick], [data-untick]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.closest("fieldset").querySelectorAll("[type=checkbox]")) box.checked = "tick" in button.dataset;
    });
  }
})();
