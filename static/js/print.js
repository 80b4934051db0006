// The button that prints the page. Without JavaScript the browser's own menu does it.
"use strict";

for (const button of document.querySelectorAll("[data-prints]")) {
  button.addEventListener("click", () => window.print());
}
