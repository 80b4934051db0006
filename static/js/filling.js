// Saves answers as they are given: htmx sends, this decides when, keeps what is not saved yet, and says what happens.
"use strict";

(() => {
  const TYPING_PAUSE = 1500; // milliseconds without a key before what is typed is saved
  const PAUSES = [2000, 5000, 15000, 30000]; // milliseconds before each new attempt; the last one repeats
  const announcements = document.getElementById("annonces");
  if (!announcements) return;
  const said = announcements.dataset; // in the reader's language, from the template
  const { person, dossier } = said;
  const banner = document.getElementById("a-enregistrer");
  const dialog = document.getElementById("reconnexion");

  const pending = new Map(); // fields typed in and not sent yet, with the timer of their pause
  const entries = new Map(); // what is not known to be saved, by key, as in the outbox
  const stuck = new Map(); // why it is not, by key: "offline", "conflict" or "refused"
  const elsewhere = new Map(); // what waits for another page of the dossier, by key
  let failures = 0; // in a row, whichever the question
  let retrying = null;

  const cardOf = (element) => element.closest?.("[data-question]");
  const stateOf = (card) => card && document.getElementById(`etat-${card.id}`);
  const FIELDS = ["value", "not_applicable", "reason", "comment", "revision"];
  const isField = (element, card) => FIELDS.some((name) => element.name === `${card.id}-${name}`);

  function say(card, text) {
    const line = stateOf(card);
    if (line) line.textContent = text;
  }

  // --- What a question holds now --------------------------------------------------------------------

  function fieldsOf(card) {
    return [...card.querySelectorAll("input, textarea")].filter((each) => isField(each, card));
  }

  function bodyOf(card) {
    const body = new URLSearchParams();
    for (const field of fieldsOf(card)) {
      if (!["radio", "checkbox"].includes(field.type) || field.checked) body.append(field.name, field.value);
    }
    return body.toString();
  }

  function fill(card, body) {
    const typed = new URLSearchParams(body);
    for (const field of fieldsOf(card)) {
      const values = typed.getAll(field.name);
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) [field.value] = values;
      if (field.value && field.closest("details")) field.closest("details").open = true;
    }
  }

  // --- The outbox -------------------------------------------------------------------------------------

  // The entry of what the question holds. The same words keep their mutation: sent twice, they are saved once.
  function noted(card) {
    const body = bodyOf(card);
    const known = entries.get(card.id);
    if (known?.body === body) return known;
    const entry = {
      person,
      dossier,
      key: card.id,
      page: window.location.pathname,
      url: card.getAttribute("hx-patch"),
      body,
      mutation: crypto.randomUUID(),
      after: known ? [...known.after, ...(known.sent ? [known.mutation] : [])].slice(-20) : [],
      sent: false,
    };
    entries.set(card.id, entry);
    return entry;
  }

  function settled(entry) {
    Outbox.forget(entry);
    stuck.delete(entry.key);
    elsewhere.delete(entry.key);
    document.getElementById(entry.key)?.removeAttribute("data-unsaved");
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
    tell();
  }

  // --- Typing -----------------------------------------------------------------------------------------

  function saveNow(field) {
    clearTimeout(pending.get(field));
    pending.delete(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    const card = cardOf(field);
    if (!card || !isField(field, card)) return;
    Outbox.keep(noted(card));
    if (!field.matches("textarea, input[type=text], input[type=date]")) return;
    clearTimeout(pending.get(field));
    pending.set(field, setTimeout(() => saveNow(field), TYPING_PAUSE));
    say(card, said.typing);
  });

  document.addEventListener("change", (event) => {
    clearTimeout(pending.get(event.target));
    pending.delete(event.target);
  });

  // Leaving the page, or the tab, does not wait for the pause.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") [...pending.keys()].forEach(saveNow);
  });

  // Where nothing can be kept, the browser asks before the words are gone.
  let keeps = false;
  Outbox.works().then((works) => { keeps = works; });
  window.addEventListener("beforeunload", (event) => {
    [...pending.keys()].forEach(saveNow);
    if (!keeps && [...entries.values()].some((entry) => !entry.isDraft)) event.preventDefault();
  });

  // --- Saving -----------------------------------------------------------------------------------------

  const saves = (event) => event.detail.elt && cardOf(event.detail.elt)
    && (event.detail.verb ?? event.detail.requestConfig?.verb) === "patch";

  // Kept first, sent after.
  document.addEventListener("htmx:confirm", (event) => {
    if (!saves(event)) return;
    event.preventDefault();
    const card = cardOf(event.detail.elt);
    const entry = noted(card);
    entry.sent = true;
    say(card, said.saving);
    Outbox.keep(entry).then(() => event.detail.issueRequest(true));
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!saves(event)) return;
    const card = cardOf(event.detail.elt);
    const entry = noted(card); // what was typed while it was being kept goes too
    entry.sent = true;
    card.sending = entry;
    event.detail.parameters[`${card.id}-mutation`] = entry.mutation;
    event.detail.parameters[`${card.id}-after`] = entry.after.join(" ");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!saves(event)) return;
    const card = document.getElementById(cardOf(event.detail.elt)?.id);
    const entry = cardOf(event.detail.elt).sending;
    if (!entry) return;
    const { status } = event.detail.xhr;
    if (status === 200) {
      failures = 0;
      settled(entry);
      if (card && entries.has(card.id)) renew(card, entry);
    } else if (status === 409 || status === 422) {
      if (event.detail.xhr.getResponseHeader("X-Draft-Kept")) keptElsewhere(entry);
      hold(entry, status === 409 ? "conflict" : "refused");
    } else if (status === 401) {
      hold(entry, "offline");
      say(card, said.signedOut);
      askToSignIn();
    } else if (!passes(status)) {
      hold(entry, "refused");
      complain(card, said.failed);
    } else {
      hold(entry, "offline");
      complain(card, said.offline);
      tryAgainLater();
    }
  });

  // Typed since: from the revision that was just saved.
  function renew(card, sent) {
    const words = (body) => { const typed = new URLSearchParams(body); typed.delete(`${card.id}-revision`); return typed.toString(); };
    const newer = entries.get(card.id);
    entries.delete(card.id);
    if (words(bodyOf(card)) === words(sent.body)) Outbox.forget(newer);
    else Outbox.keep(noted(card));
  }

  // Two answers that stand side by side already, typed in again: the buttons stay where the pointer or the focus is.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target: box, fragment } = event.detail;
    const theirs = (element) => element.querySelector?.("[name$='-seen']")?.value;
    if (!box.matches("[id^='conflit-']:is(:focus-within, :active)") || !theirs(box)) return;
    if (theirs(box) !== theirs(fragment)) return;
    box.querySelector("blockquote").replaceWith(fragment.querySelector("blockquote"));
    event.detail.shouldSwap = false;
  });

  // The server keeps it, as a draft.
  function keptElsewhere(entry) {
    entry.isDraft = true;
    Outbox.forget(entry);
  }

  function hold(entry, why) {
    stuck.set(entry.key, why);
    const card = document.getElementById(entry.key);
    if (card && why !== "offline") card.dataset.unsaved = why;
    tell();
  }

  function complain(card, text) {
    if (!card) return;
    say(card, text);
    announcements.textContent = `${card.id} : ${text}`;
  }

  // What is not saved for a while only: nobody answers, the server restarts (its proxy answers 502), it is too busy.
  const passes = (status) => status < 400 || status >= 500 || status === 408 || status === 429;

  // --- Again --------------------------------------------------------------------------------------------

  function tryAgainLater() {
    clearTimeout(retrying);
    retrying = setTimeout(sendAgain, PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
  }

  function sendAgain() {
    clearTimeout(retrying);
    for (const [key, why] of stuck) {
      const card = document.getElementById(key);
      if (why === "offline" && card) card.dispatchEvent(new Event("change"));
    }
    for (const entry of elsewhere.values()) sendFromHere(entry);
    tell();
  }

  window.addEventListener("online", sendAgain);

  // An answer of another page of the dossier.
  async function sendFromHere(entry) {
    const body = new URLSearchParams(entry.body);
    body.append(`${entry.key}-mutation`, entry.mutation);
    body.append(`${entry.key}-after`, entry.after.join(" "));
    try {
      const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
      const response = await fetch(entry.url, { method: "PATCH", body, headers, redirect: "manual" });
      if (response.status === 200) settled(entry);
      else if (response.status === 401) askToSignIn();
      else if (passes(response.status)) tryAgainLater();
    } catch {
      tryAgainLater();
    }
  }

  // What a former visit left: back in its question and sent from the revision that it was based on.
  Outbox.of(person, dossier).then((left) => {
    for (const entry of left) {
      const card = document.getElementById(entry.key);
      if (entries.has(entry.key)) continue; // somebody writes there already
      if (card?.matches("[data-question]")) {
        entries.set(entry.key, entry);
        fill(card, entry.body);
        card.dispatchEvent(new Event("change"));
      } else if (entry.url) {
        elsewhere.set(entry.key, entry);
        sendFromHere(entry);
      }
    }
    tell();
  });

  // Drafts and conflicts that the server kept from an earlier visit; or keeps no more, once it drew the question again.
  function noteUnsaved() {
    for (const card of document.querySelectorAll("[data-unsaved]")) {
      if (stuck.get(card.id) !== "offline") stuck.set(card.id, card.dataset.unsaved);
    }
    for (const [key, why] of stuck) {
      const card = document.getElementById(key);
      if (why === "offline" || !card || card.dataset.unsaved) continue;
      stuck.delete(key);
      if (entries.get(key)?.isDraft) entries.delete(key);
    }
    tell();
  }
  document.addEventListener("htmx:afterSettle", noteUnsaved);

  // A field is marked as wrong as long as the answer is said to be.
  document.addEventListener("htmx:afterSettle", () => {
    for (const objections of document.querySelectorAll(".fr-input-group > .question__objections")) {
      const isWrong = "wrong" in objections.dataset;
      objections.parentElement.classList.toggle("fr-input-group--error", isWrong);
      const field = objections.parentElement.querySelector(".fr-input");
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  // --- Signed out -----------------------------------------------------------------------------------------

  const headersOf = () => JSON.parse(document.body.getAttribute("hx-headers"));
  const token = () => headersOf()["X-CSRFToken"];
  let probing = null; // while nobody is signed in
  let isPutOff = false; // the dialog was closed: the banner says it from then on

  function askToSignIn() {
    probing ??= setInterval(probe, 3000);
    if (!isPutOff && !dialog.open) dialog.showModal();
    tell();
  }

  // The page stays as it is while somebody signs in elsewhere in this browser.
  async function probe() {
    let session;
    try {
      session = await (await fetch(said.session, { headers: { Accept: "application/json" } })).json();
    } catch {
      return;
    }
    const isSomebodyElse = session.person !== null && String(session.person) !== person;
    document.getElementById("reconnexion-autre").hidden = !isSomebodyElse;
    if (session.person === null || isSomebodyElse) return;
    document.body.setAttribute("hx-headers", JSON.stringify({ ...headersOf(), "X-CSRFToken": session.token }));
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = session.token;
    clearInterval(probing);
    probing = null;
    dialog.close();
    isPutOff = false;
    announcements.textContent = said.signedIn;
    sendAgain();
  }

  window.addEventListener("focus", () => { if (probing) probe(); });
  dialog.addEventListener("close", () => { isPutOff = Boolean(probing); });

  // --- The page as a whole ------------------------------------------------------------------------------------

  function tell() {
    const count = (why) => [...stuck.values()].filter((each) => each === why).length;
    const awaited = probing ? [said.waitingSignIn, said.waitingSignInOne] : [said.waiting, said.waitingOne];
    const sentences = [
      [count("offline") + elsewhere.size, ...awaited],
      [count("conflict"), said.conflicts, said.conflictsOne],
      [count("refused"), said.refused, said.refusedOne],
    ].filter(([number]) => number > 0).map(([number, many, one]) => (number > 1 ? many.replace("NOMBRE", number) : one));
    banner.hidden = sentences.length === 0;
    banner.querySelector(".saving-banner__sign-in").hidden = !probing;
    banner.querySelector("p").textContent = sentences.join(" ");
    const links = [...elsewhere.values()].map((entry) => {
      const link = document.createElement("a");
      link.href = `${entry.page}#${entry.key}`;
      link.textContent = entry.key;
      return link;
    });
    banner.querySelector(".saving-banner__links").replaceChildren(...links.flatMap((link) => [link, " "]));
  }

  noteUnsaved();
})();
