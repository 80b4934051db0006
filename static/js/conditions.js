// Completion of a condition: flags, keys of questions and their choices are proposed while one types. The field does
// without: the examples below it say how a condition is written.
"use strict";

(() => {
  const field = document.getElementById("id_applies_when") || document.getElementById("id_condition");
  const source = document.getElementById("vocabulaire");
  if (!field || !source) return;
  const words = JSON.parse(source.textContent);
  // No more than shows at once: a list that scrolls would need a stop of its own for the keyboard.
  const MOST = 8;

  const list = document.createElement("ul");
  list.id = "mots-proposes";
  list.className = "editor-words";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.title);
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("autocomplete", "off");
  field.spellcheck = false;

  let proposals = [];
  let chosen = -1;

  // What stands before the caret says what may come: a key, a choice of the question just named, a démarche, a word.
  function context() {
    const before = field.value.slice(0, field.selectionStart);
    const key = /answer\(\s*([A-Z0-9-]*)$/.exec(before);
    if (key) return { typed: key[1], words: words.questions };
    const text = /'([^'\n]*)$/.exec(before);
    if (text && before.split("'").length % 2 === 0) {
      const head = before.slice(0, text.index);
      if (/programme\s*(==|!=|in\s*\[[^\]]*)\s*$/.test(head)) return { typed: text[1], words: words.programmes };
      const named = /answer\(\s*([A-Z0-9-]+)\s*\)\s*(==|!=|contains|in\s*\[[^\]]*)\s*$/.exec(head);
      const question = named && words.questions.find((each) => each.value === named[1]);
      return { typed: text[1], words: question ? question.choices : [] };
    }
    const word = /(?:^|[\s(])([a-z_][a-z0-9_]*)$/.exec(before);
    return word ? { typed: word[1], words: [...words.flags, ...words.words] } : { typed: "", words: [] };
  }

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  function propose() {
    const { typed, words: possible } = context();
    const wanted = plain(typed);
    proposals = possible
      .filter((each) => plain(each.value).startsWith(wanted) || (wanted.length > 1 && plain(`${each.value} ${each.label}`).includes(wanted)))
      .filter((each) => each.value !== typed)
      .slice(0, MOST);
    chosen = proposals.length ? 0 : -1;
    draw();
  }

  function draw() {
    list.hidden = proposals.length === 0;
    list.replaceChildren(
      ...proposals.map((each, place) => {
        const item = document.createElement("li");
        item.id = `mot-${place}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(place === chosen));
        item.textContent = each.value;
        const label = document.createElement("span");
        label.className = "editor-words__label";
        label.textContent = each.label;
        item.append(label);
        return item;
      }),
    );
    if (chosen >= 0) {
      field.setAttribute("aria-activedescendant", `mot-${chosen}`);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    proposals = [];
    chosen = -1;
    draw();
  }

  function take(place) {
    const { typed } = context();
    const { value } = proposals[place];
    const end = field.selectionStart;
    field.setRangeText(value, end - typed.length, end, "end");
    // Between the brackets, or between the quotes, is where one goes on.
    if (/\(\)$|''$/.test(value)) field.setSelectionRange(field.selectionStart - 1, field.selectionStart - 1);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  field.addEventListener("input", propose);
  // What was wrong with what the page came with: the reading below says what is wrong now.
  field.addEventListener("input", () => {
    const group = field.closest(".fr-input-group");
    group.classList.remove("fr-input-group--error");
    group.querySelectorAll(".fr-error-text, .fr-message--error").forEach((each) => each.remove());
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + proposals.length) % proposals.length;
      draw();
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[role=option]");
    if (!item) return;
    event.preventDefault();
    take([...list.children].indexOf(item));
  });
})();
