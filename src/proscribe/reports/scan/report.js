// Search, order and keys for the list of findings, and a next finding that keeps to what is chosen. The page is whole without.
"use strict";
(() => {
  const rows = [...document.querySelectorAll(".rows>li")];
  const homes = rows.map((row) => row.parentNode);
  const list = document.querySelector("#findings");
  const words = document.querySelector("#words");
  const order = document.querySelector("#order");
  const status = document.querySelector("#chosen");
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());
  const visible = () => [...document.querySelectorAll(".rows>li")].filter((row) => row.getClientRects().length);
  let chosen = rows;
  const count = () => {
    if (document.querySelector("article:target")) return;
    chosen = visible();
    status.textContent = chosen.length === rows.length ? "" : `${chosen.length} of ${rows.length} findings are shown.`;
  };
  const search = () => {
    const wanted = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, at) => {
      row.hidden = !wanted.every((word) => texts[at].includes(word));
    });
    count();
  };
  const sort = () => {
    const key = order.value;
    list.classList.toggle("flat", key !== "");
    const ranked = rows.map((row, at) => [row, homes[at], (row.dataset[key] || "").toLocaleLowerCase(), at]);
    if (key) ranked.sort((one, other) => (one[2] === "") - (other[2] === "") || one[2].localeCompare(other[2]) || one[3] - other[3]);
    for (const [row, home] of ranked) (key ? homes[0] : home).append(row);
    count();
  };
  for (const hidden of list.querySelectorAll(".scripted")) hidden.hidden = false;
  words.addEventListener("input", search);
  order.addEventListener("change", sort);
  list.addEventListener("change", count);
  search();
  sort();
  const page = () => document.querySelector("article:target");
  const at = (row) => row.querySelector("a").hash;
  const neighbour = (step) => {
    const place = chosen.findIndex((row) => at(row) === location.hash);
    return chosen[place + step];
  };
  addEventListener("hashchange", () => {
    const next = page() && page().querySelector("a[rel=next]");
    if (next && neighbour(1)) next.hash = at(neighbour(1));
    else if (!page()) count();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step && page()) {
      const row = neighbour(step);
      if (row) location.hash = at(row);
    } else if (step) {
      const links = visible().map((row) => row.querySelector("a"));
      const here = links.indexOf(document.activeElement);
      const next = links[here < 0 ? 0 : Math.max(0, Math.min(links.length - 1, here + step))];
      if (next) next.focus();
    } else if (event.key === "u" && page()) page().querySelector("[data-back]").click();
    else if (event.key === "/" && !page()) {
      event.preventDefault();
      words.focus();
    }
  });
})();
