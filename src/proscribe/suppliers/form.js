"use strict";
// Keeps the answers in this page and writes them to a file. Nothing is sent: the page's own policy forbids it.
(function () {
  const form = JSON.parse(document.getElementById("form").textContent);
  const page = document.getElementById("answers");
  const errors = document.getElementById("errors");
  const status = document.getElementById("status");
  let counts = {};

  function valueOf(id) {
    const chosen = page.querySelector('input[type="radio"][name="' + id + '"]:checked');
    if (chosen) return chosen.value;
    const field = document.getElementById("a-" + id);
    return field && field.type !== "radio" ? field.value.trim() : "";
  }

  function rowsOf(list) {
    return Array.from(document.querySelectorAll("#" + list + " .row")).map(function (row) {
      const made = {};
      row.querySelectorAll("input").forEach(function (field) {
        if (field.value.trim()) made[field.dataset.column] = field.value.trim();
      });
      return made;
    }).filter(function (row) { return Object.keys(row).length > 0; });
  }

  function addRow(list, values) {
    const template = document.getElementById(list + "-row");
    counts[list] = (counts[list] || document.querySelectorAll("#" + list + " .row").length) + 1;
    const row = template.content.firstElementChild.cloneNode(true);
    const number = String(counts[list]);
    row.querySelectorAll("[id], [for], [aria-describedby], [aria-label]").forEach(function (item) {
      ["id", "for", "aria-describedby", "aria-label"].forEach(function (name) {
        if (item.hasAttribute(name)) item.setAttribute(name, item.getAttribute(name).replace("NUMBER", number));
      });
    });
    row.querySelector("legend").textContent = row.querySelector("legend").textContent.replace("NUMBER", number);
    if (values) row.querySelectorAll("input").forEach(function (field) { field.value = values[field.dataset.column] || ""; });
    document.getElementById(list).appendChild(row);
    return row;
  }

  function collect(draft) {
    const answers = {}, asked = {};
    form.questions.forEach(function (item) {
      const value = valueOf(item.id);
      asked[item.id] = item.text;
      if (value) answers[item.id] = value;
    });
    return {
      schema: form.answers_schema, form_id: form.id, campaign: form.campaign, supplier_id: form.supplier_id,
      draft: draft, answers: answers, asked: asked, products: rowsOf("products"), evidence: rowsOf("evidence")
    };
  }

  function missing() {
    const declines = valueOf("decline") === "yes";
    return form.questions.filter(function (item) {
      const needed = declines ? form.signer.indexOf(item.id) >= 0 : item.required;
      return needed && !valueOf(item.id);
    });
  }

  function show(list) {
    document.querySelectorAll(".bad").forEach(function (item) {
      item.classList.remove("bad");
      item.querySelectorAll("[aria-invalid]").forEach(function (field) { field.removeAttribute("aria-invalid"); });
    });
    const items = errors.querySelector("ul");
    items.replaceChildren();
    list.forEach(function (item) {
      const place = document.getElementById("q-" + item.id);
      place.classList.add("bad");
      const field = place.querySelector("input, textarea");
      field.setAttribute("aria-invalid", "true");
      const link = document.createElement("a");
      link.href = "#" + field.id;
      link.textContent = item.text;
      link.addEventListener("click", function (event) { event.preventDefault(); field.focus(); });
      const entry = document.createElement("li");
      entry.appendChild(link);
      items.appendChild(entry);
    });
    errors.hidden = list.length === 0;
    if (list.length) errors.focus();
  }

  function save(draft) {
    const open = draft ? [] : missing();
    show(open);
    if (open.length) return;
    const text = JSON.stringify(collect(draft), null, 1) + "\n";
    const name = (draft ? "draft-" : "answers-") + form.supplier_id + "-" + form.id + ".json";
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
    const copy = document.getElementById("copy");
    copy.hidden = false;
    copy.querySelector("textarea").value = text;
    status.textContent = "Saved as " + name + (draft ? ". It is a draft: finish it before you send it." : ". Send us that file.");
  }

  function load(file) {
    file.text().then(function (text) {
      const value = JSON.parse(text);
      if (value.schema !== form.answers_schema || value.form_id !== form.id) throw new Error("another form");
      form.questions.forEach(function (item) {
        const answer = String((value.answers || {})[item.id] || "");
        if (item.choices.length) {
          document.getElementsByName(item.id).forEach(function (field) { field.checked = field.value === answer; });
        } else {
          document.getElementById("a-" + item.id).value = answer;
        }
      });
      ["products", "evidence"].forEach(function (list) {
        document.getElementById(list).replaceChildren();
        counts[list] = 0;
        (value[list] || []).slice(0, 2000).forEach(function (row) { addRow(list, row); });
      });
      status.textContent = "The draft is in the page. Go on where you stopped.";
    }).catch(function () {
      status.textContent = "That file is no draft of this form. Nothing was changed.";
    });
  }

  page.addEventListener("submit", function (event) { event.preventDefault(); save(false); });
  document.getElementById("draft").addEventListener("click", function () { save(true); });
  document.getElementById("go-on").addEventListener("change", function (event) {
    if (event.target.files.length) load(event.target.files[0]);
  });
  ["products", "evidence"].forEach(function (list) {
    document.getElementById("add-" + list).addEventListener("click", function () {
      addRow(list).querySelector("input").focus();
    });
    document.getElementById(list).addEventListener("click", function (event) {
      if (event.target.classList.contains("remove")) {
        event.target.closest(".row").remove();
        document.getElementById("add-" + list).focus();
        status.textContent = "Removed.";
      }
    });
  });
})();
