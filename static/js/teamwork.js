// Who else is on the page, and the team's comments: a name put into the text, a thread opened by its address.
"use strict";

(() => {
  // --- Who else is here --------------------------------------------------------------------------------

  const line = document.querySelector("[data-presence]");
  const textOf = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.textContent.trim();
  };

  // A page that nobody sees says nothing and asks nothing.
  const look = () => {
    if (document.visibilityState === "visible") htmx.trigger(line, "presence");
  };

  if (line) {
    // The same words again would be announced again.
    line.addEventListener("htmx:beforeSwap", (event) => {
      if (textOf(event.detail.serverResponse) === line.textContent.trim()) event.detail.shouldSwap = false;
    });
    document.addEventListener("DOMContentLoaded", look);
    document.addEventListener("visibilitychange", look);
    setInterval(look, Number(line.dataset.presence) * 1000);
  }

  // --- Comments ----------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mention]");
    const field = button && document.getElementById(button.dataset.into);
    if (!field) return;
    const before = field.value.slice(0, field.selectionStart);
    const space = before === "" || /\s$/.test(before) ? "" : " ";
    field.setRangeText(`${space}${button.dataset.mention} `, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });

  const openNamed = () => {
    const named = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (named?.matches("details")) named.open = true;
  };
  document.addEventListener("DOMContentLoaded", openNamed);
  window.addEventListener("hashchange", openNamed);

  // What is typed in a comment and not sent is not lost without a word.
  let leaving = null;
  document.addEventListener("submit", (event) => { leaving = event.target; });
  window.addEventListener("beforeunload", (event) => {
    const fields = [...document.querySelectorAll("[data-team-form] textarea")];
    if (fields.some((each) => each.form !== leaving && each.value !== each.defaultValue)) event.preventDefault();
    leaving = null;
  });
})();
