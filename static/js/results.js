// A button beside each value to copy. Without JavaScript the value is simply there to be selected.
"use strict";

for (const value of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fr-btn fr-btn--tertiary fr-btn--sm fr-icon-clipboard-line";
  button.textContent = value.dataset.copy;
  button.title = value.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value.textContent.trim());
    const status = document.querySelector(".results-copied");
    if (status) status.textContent = status.dataset.copied;
  });
  value.after(" ", button);
}
