// Keys for who works through many findings, files that are dropped, and a run that is followed. Every page works without this file.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  // Of tabs that do not fit into their row, the one of this page is shown; the page itself stays where it is.
  const showTabs = () => {
    for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
      const row = tab.closest(".tabs");
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    }
  };
  showTabs();
  addEventListener("resize", showTabs);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  const go = (step) => {
    const at = rows.indexOf(document.activeElement);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const follow = (selector) => {
      const found = document.querySelector(selector);
      if (found) found.click();
    };
    if (event.key === "j") rows.length ? go(1) : follow("a[rel=next]");
    else if (event.key === "k") rows.length ? go(-1) : history.back();
    else if (event.key === "u") follow("[data-back]");
    else if (event.key === "x") {
      const row = rows.find((one) => one === document.activeElement) || rows[0];
      const verdict = document.querySelector("[name=verdict]");
      if (verdict) verdict.focus();
      else if (row) location.assign(`${row.href}#judge`);
    } else if (event.key === "?") {
      const keys = document.querySelector("[data-keys]");
      if (keys) {
        keys.open = !keys.open;
        keys.querySelector("summary").focus();
      }
    }
    else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // A row of tabs that is too long for a phone begins where one is. It is moved by itself: `scrollIntoView` would take the Tab key along,
  // past the link that skips the head.
  for (const here of document.querySelectorAll(".tabs [aria-current]")) {
    const row = here.closest(".tabs");
    row.scrollLeft = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
  }

  // What takes long and is no run says that it is at work, until its answer comes; whoever goes back finds it quiet again.
  for (const told of document.querySelectorAll("[data-working]")) {
    told.closest("form").addEventListener("submit", () => (told.textContent = told.dataset.working));
    addEventListener("pageshow", () => (told.textContent = ""));
  }

  // Keys that the browser holds. What signs never comes to the page: it hands over the public half, or one signature.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const written = (data) => btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withKey = (form, asked) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const trouble = form.querySelector("[data-key-trouble]");
      const button = form.querySelector("button");
      trouble.textContent = "";
      button.disabled = true;
      try {
        if (!navigator.credentials) throw new Error("this browser knows no keys, or the address is none that it trusts");
        for (const [name, data] of Object.entries(await asked())) form.elements[name].value = written(data);
        form.submit();
      } catch (problem) {
        button.disabled = false;
        const why = problem.name === "NotAllowedError" ? "it was not touched in time, is not here, or was not allowed" : problem.message;
        trouble.textContent = `The browser gave no key: ${why || problem.name}. Nothing was signed.`;
      }
    });
  for (const form of document.querySelectorAll("[data-make-key]"))
    withKey(form, async () => {
      const who = form.dataset.who;
      const made = await navigator.credentials.create({
        publicKey: {
          rp: { name: "Proscribe" },
          user: { id: crypto.getRandomValues(new Uint8Array(16)), name: who, displayName: who },
          challenge: crypto.getRandomValues(new Uint8Array(32)),
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
          authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
          attestation: "none",
        },
      });
      return { public: made.response.getPublicKey(), credential: made.rawId };
    });
  for (const form of document.querySelectorAll("[data-ask-key]"))
    withKey(form, async () => {
      const given = await navigator.credentials.get({
        publicKey: {
          challenge: bytes(form.dataset.askKey),
          allowCredentials: [{ type: "public-key", id: bytes(form.dataset.credential) }],
          userVerification: "required",
        },
      });
      const said = given.response;
      return { authenticatorData: said.authenticatorData, clientDataJSON: said.clientDataJSON, signature: said.signature };
    });

  for (const form of document.querySelectorAll("[data-drop]")) {
    const area = form.closest(".drop") || form;
    const input = form.querySelector("input[type=file]");
    area.addEventListener("dragover", (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
    area.addEventListener("dragleave", () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("over");
      input.files = event.dataTransfer.files;
    });
  }

  // A run: the words and the bar change in place, so that a reader is told and the focus stays; once it is over the page is fetched anew.
  // The answer is parsed as a document of its own, in which nothing runs; no string becomes markup here.
  // What was pressed meanwhile goes first: a page fetched anew would take back the form that is on its way.
  const told = () => document.querySelector("[data-follow]");
  const answered_within_ms = 60_000;
  let left_at = -Infinity;
  addEventListener("beforeunload", () => (left_at = performance.now()));
  const follow = () => {
    const asked = new XMLHttpRequest();
    asked.open("GET", location.href);
    asked.responseType = "document";
    asked.addEventListener("loadend", () => {
      const next = asked.response && asked.response.querySelector("[data-follow]");
      const busy = asked.status === 0 || asked.status === 429 || asked.status >= 500;
      const leaving = performance.now() - left_at < answered_within_ms;
      if (!next && !busy && !leaving) return location.reload(); // it is over, or the page says why it cannot be shown
      if (next) {
        told().textContent = next.textContent;
        const [bar, now] = [document, asked.response].map((page) => page.querySelector("progress"));
        if (bar && now) [bar.max, bar.value] = [now.max, now.value];
      }
      setTimeout(follow, told().dataset.follow * 1000);
    });
    asked.send();
  };
  if (told()) setTimeout(follow, told().dataset.follow * 1000);
})();
