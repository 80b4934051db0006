// What somebody typed and is not known to be saved, kept in this browser until it is: a closed tab, a dead battery, an
// ended session or a cut network lose nothing. Entries belong to a person: nobody else's are shown or sent here.
// An entry: { person, dossier, key, page, url, body, mutation, after, sent }. `body` is the form's; `after` names the
// sends whose answer never came, for the server to know them by.
"use strict";

const Outbox = (() => { // eslint-disable-line no-unused-vars -- filling.js has it
  const STORE = "answers";
  const PATIENCE = 1000; // milliseconds after which what is to be sent leaves, kept or not

  // Null where the browser keeps nothing (some private windows): the page then works as if every cut were fatal.
  const opening = new Promise((resolve) => {
    try {
      const request = indexedDB.open("convergence", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["person", "dossier", "key"] });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
      request.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });

  async function within(mode, act, isLast = false) {
    const database = await opening;
    if (!database) return undefined;
    try {
      return await new Promise((resolve) => {
        const transaction = database.transaction(STORE, mode);
        let found;
        act(transaction.objectStore(STORE), (result) => { found = result; });
        if (isLast) transaction.commit?.(); // at once: the page may be gone before the browser would do it
        transaction.oncomplete = () => resolve(found);
        transaction.onerror = transaction.onabort = () => resolve(undefined); // no room left
      });
    } catch {
      return undefined; // the browser has closed it, as when its data are cleared
    }
  }

  return {
    works: () => opening.then((database) => Boolean(database)),

    // Never stands in the way of what it keeps.
    keep: (entry) => Promise.race([
      within("readwrite", (store) => store.put(entry), true),
      new Promise((resolve) => { setTimeout(resolve, PATIENCE); }),
    ]),

    // Only what was sent: what was typed since stays.
    forget: ({ person, dossier, key, body }) => within("readwrite", (store) => {
      const request = store.get([person, dossier, key]);
      request.onsuccess = () => {
        if (request.result?.body === body) store.delete([person, dossier, key]);
      };
    }),

    of: (person, dossier) => within("readonly", (store, found) => {
      const request = store.getAll(IDBKeyRange.bound([person, dossier], [person, dossier, []]));
      request.onsuccess = () => found(request.result);
    }).then((entries) => entries ?? []),
  };
})();
