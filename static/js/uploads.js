// Sends files in pieces, shows how far each is, and goes on where it was after a cut. Without this script the plain
// input sends them with its form. What becomes of a whole file, the page's own address says, asked by htmx.
"use strict";

(() => {
  const words = document.getElementById("mots-des-envois");
  if (!words) return;
  const said = words.dataset; // in the reader's language, from the template
  const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds before each new attempt; the last one repeats
  const ATTEMPTS = 40; // in a row without a piece that arrives: some twenty minutes
  const sendings = new Map(); // those that were not finished, by the identifier of their upload
  let line = Promise.resolve(); // one file at a time
  let count = 0; // of files that wait or are on their way

  class Refused extends Error {}
  class SignedOut extends Error {}
  class Cut extends Error {}
  class Cancelled extends Error {}
  class Gone extends Error {}

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const uploadUrl = (id) => said.address.replace("00000000-0000-0000-0000-000000000000", id);
  const announce = (text, name) => { words.textContent = text.replace("NOM", name); };

  // --- The server ---------------------------------------------------------------------------------

  function judge(response) {
    if (response.type === "opaqueredirect" || response.status === 403) throw new SignedOut();
    if (response.status === 404) throw new Gone();
    if (response.status === 429 || response.status === 408 || response.status >= 500) throw new Cut();
    if (!response.ok && response.status !== 422) throw new Error(response.status);
    return response;
  }

  async function ask(sending, url, options) {
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    let response;
    try {
      response = await fetch(url, { ...options, headers, redirect: "manual", signal: sending.stop.signal });
    } catch (error) {
      throw sending.stop.signal.aborted ? new Cancelled() : new Cut();
    }
    return judge(response);
  }

  async function start(sending) {
    const body = new URLSearchParams({ name: sending.file.name, size: sending.file.size });
    const response = await ask(sending, said.start.replace("000000000", sending.siren), { method: "POST", body });
    const answer = await response.json();
    if (response.status === 422) throw new Refused(answer.sentence);
    return answer;
  }

  // fetch does not tell how much of a body has left.
  function put(sending, upload, number) {
    const from = number * upload.piece_size;
    const piece = sending.file.slice(from, from + upload.piece_size);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("PUT", `${uploadUrl(upload.id)}${number}/`);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => advance(sending, from + Math.min(event.loaded, piece.size));
      request.onload = () => {
        // A redirection, which XMLHttpRequest follows by itself, leads to where one signs in.
        const type = request.responseURL.endsWith(`/${number}/`) ? "basic" : "opaqueredirect";
        try { resolve(judge({ type, status: request.status, ok: request.status < 400 })); } catch (error) { reject(error); }
      };
      request.onerror = request.ontimeout = () => reject(new Cut());
      request.onabort = () => reject(new Cancelled());
      sending.stop.signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(piece);
    });
  }

  // --- One file -------------------------------------------------------------------------------------

  function pause(milliseconds) {
    return new Promise((resolve) => {
      const wake = () => { clearTimeout(timer); window.removeEventListener("online", wake); resolve(); };
      const timer = setTimeout(wake, milliseconds);
      window.addEventListener("online", wake);
    });
  }

  // Waits before a new attempt. `sending.failures` starts anew when something arrives.
  async function breathe(sending) {
    if (sending.failures >= ATTEMPTS) throw new Error("The network does not come back.");
    if (sending.failures === 0) announce(`NOM : ${said.retrying}`, sending.file.name);
    tell(sending, said.retrying);
    await pause(PAUSES[Math.min(sending.failures, PAUSES.length - 1)]);
    sending.failures += 1;
    if (sending.stop.signal.aborted) throw new Cancelled();
  }

  async function insist(sending, act) {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
        await breathe(sending);
      }
    }
  }

  async function transfer(sending) {
    let upload = await insist(sending, () => start(sending));
    sending.id = upload.id;
    while (upload.pieces.length < upload.count) {
      const there = new Set(upload.pieces);
      const missing = [...Array(upload.count).keys()].filter((number) => !there.has(number));
      try {
        for (const number of missing) {
          await put(sending, upload, number);
          sending.failures = 0;
        }
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
        await breathe(sending);
      }
      // What the server has of it decides what is sent next.
      upload = await insist(sending, async () => (await ask(sending, uploadUrl(sending.id), { method: "GET" })).json());
    }
  }

  async function send(sending) {
    if (sending.stop.signal.aborted) return;
    announce(said.started, sending.file.name);
    advance(sending, 0);
    try {
      await transfer(sending);
      hand(sending);
    } catch (error) {
      if (error instanceof Cancelled) return;
      if (error instanceof Gone && !sending.restarted) {
        sending.restarted = true; // it waited so long that it was swept: from the start, once
        await send(sending);
      } else if (error instanceof Refused) refuse(sending, error.message);
      else refuse(sending, error instanceof SignedOut ? said.signedOut : said.failed);
    }
  }

  function enqueue(zone, file, siren) {
    const row = document.getElementById("modele-d-envoi").content.firstElementChild.cloneNode(true);
    const sending = { file, siren, row, list: zone.dataset.uploadsTo, stop: new AbortController(), failures: 0 };
    row.querySelector(".uploads__name").textContent = file.name;
    row.querySelector(".uploads__of").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelector(".uploads__cancel").addEventListener("click", () => cancel(sending));
    containerOf(sending).querySelector("ul").append(row);
    tell(sending, said.waiting);
    count += 1;
    const refusal = refusalOf(zone, file);
    if (refusal) { refuse(sending, refusal); return; }
    line = line.then(() => send(sending));
  }

  // What the question says of its own formats is known before anything leaves.
  function refusalOf(zone, file) {
    const accepted = zone.querySelector("input[type=file]").accept;
    const known = !accepted || accepted.split(",").some((each) => file.name.toLowerCase().endsWith(each));
    return known ? "" : zone.dataset.otherFormat.replace("NOM", file.name);
  }

  // --- What the row says ----------------------------------------------------------------------------

  const containerOf = (sending) => document.getElementById(sending.list);

  function tell(sending, text) {
    sending.row.querySelector(".uploads__state").textContent = text;
  }

  function advance(sending, bytes) {
    const percent = Math.floor((100 * bytes) / sending.file.size) || 0;
    sending.row.querySelector("progress").value = percent;
    tell(sending, said.sending.replace("NOMBRE", percent));
  }

  function end(sending) {
    count -= 1;
    sendings.delete(sending.id);
    sending.input?.remove();
  }

  function refuse(sending, sentence) {
    end(sending);
    sending.row.classList.add("uploads__item--refused");
    sending.row.querySelector("progress").remove();
    sending.row.querySelector(".uploads__cancel").remove();
    tell(sending, sentence);
    announce(`NOM : ${sentence}`, sending.file.name);
  }

  function keep(sending, address) {
    end(sending);
    announce(said.arrived, sending.file.name);
    if (!address) { sending.row.remove(); return; }
    sending.row.querySelector("progress").remove();
    sending.row.querySelector(".uploads__cancel").remove();
    const link = document.createElement("a");
    link.href = address;
    link.textContent = said.see;
    tell(sending, `${said.kept} `);
    sending.row.querySelector(".uploads__state").append(link);
  }

  function cancel(sending) {
    sending.stop.abort();
    end(sending);
    sending.row.remove();
    announce(said.cancelled, sending.file.name);
    if (sending.id) fetch(uploadUrl(sending.id), { method: "DELETE", headers: { "X-CSRFToken": token() } }).catch(() => {});
  }

  // --- A whole file: named to the page's own address, in the queue of its question ---------------------

  function hand(sending) {
    const container = containerOf(sending);
    if (!container) { cancel(sending); return; } // its question is no longer asked
    tell(sending, said.checking);
    sending.failures = 0;
    sending.input = document.createElement("input");
    sending.input.type = "hidden";
    sending.input.name = `${container.dataset.prefix}uploads`;
    sending.input.value = sending.id;
    sendings.set(sending.id, sending);
    container.append(sending.input);
    container.dispatchEvent(new CustomEvent("uploads:whole"));
  }

  const namedIn = (event) => {
    const { formData } = event.detail.requestConfig;
    return formData.getAll(`${event.target.dataset.prefix}uploads`).map((id) => sendings.get(id)).filter(Boolean);
  };

  document.addEventListener("uploads:done", (event) => {
    event.target.outcome = event.detail;
  });

  // A request that waited in the queue may find its file done by the one before.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("[data-sending]")) return;
    if (!event.detail.formData.has(`${event.target.dataset.prefix}uploads`)) event.preventDefault();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("[data-sending]")) return;
    const { xhr, successful, requestConfig } = event.detail;
    const { kept = {}, refused = {} } = event.target.outcome || {};
    delete event.target.outcome;
    const named = namedIn(event);
    const elsewhere = xhr.responseURL && new URL(xhr.responseURL).pathname !== requestConfig.path;
    for (const sending of named) {
      if (elsewhere || xhr.status === 401 || xhr.status === 403) refuse(sending, said.signedOut);
      else if (refused[sending.id]) refuse(sending, refused[sending.id]);
      else if (successful) keep(sending, kept[sending.id]);
      else if (xhr.status >= 400 && xhr.status < 500 && xhr.status !== 429) refuse(sending, said.failed);
      else again(sending);
    }
  });

  function again(sending) {
    breathe(sending).then(
      () => containerOf(sending)?.dispatchEvent(new CustomEvent("uploads:whole")),
      (error) => { if (!(error instanceof Cancelled)) refuse(sending, said.failed); },
    );
  }

  // --- Where files come from --------------------------------------------------------------------------

  const zoneOf = (event) => event.target instanceof Element && event.target.closest("[data-upload]");
  const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");

  function sirenOf(zone) {
    if (zone.dataset.upload) return zone.dataset.upload;
    const chosen = zone.closest("form").elements.publisher.value;
    return document.querySelector(`[data-siren-of="${chosen}"]`)?.textContent;
  }

  // True when the files are taken from here; otherwise the plain form has them.
  function take(zone, files) {
    const siren = sirenOf(zone);
    if (!siren) return false;
    const several = zone.querySelector("input[type=file]").multiple;
    // They leave by themselves: the button of the plain form would find nothing to send.
    const button = zone.closest("form")?.querySelector("[type=submit]");
    if (button) button.hidden = true;
    [...files].slice(0, several ? files.length : 1).forEach((file) => enqueue(zone, file, siren));
    return true;
  }

  // Before htmx, which would send them in one go.
  document.addEventListener("change", (event) => {
    const zone = zoneOf(event);
    if (!zone || event.target.type !== "file" || !event.target.files.length) return;
    if (!take(zone, event.target.files)) return;
    event.stopImmediatePropagation();
    event.target.value = "";
  }, { capture: true });

  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault(); // beside the zone too: the browser would leave the page for the file
    zoneOf(event)?.classList?.add("drop-zone--over");
  });

  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("drop-zone--over");
  });

  document.addEventListener("drop", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    const zone = zoneOf(event);
    if (!zone) return;
    zone.classList.remove("drop-zone--over");
    if (take(zone, event.dataTransfer.files)) return;
    zone.querySelector("input[type=file]").files = event.dataTransfer.files;
  });

  window.addEventListener("beforeunload", (event) => {
    if (count > 0) event.preventDefault();
  });
})();
