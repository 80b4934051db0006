// A form given back is kept by its page alone: whoever leaves it otherwise than by sending is asked first.
"use strict";

(() => {
  let isSent = false;
  document.addEventListener("submit", (event) => {
    isSent = event.target.matches("[data-held]");
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent) event.preventDefault();
  });
})();
