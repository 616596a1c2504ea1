"use strict";
(() => {
  const data = JSON.parse(document.getElementById("review-data").textContent);
  const key = "budgetaudit " + data.key;
  const words = data.words;
  const $ = (id) => document.getElementById(id);
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key)) || {}; } catch { /* a browser that keeps nothing: the page still works */ }
  kept.of = kept.of || {};

  const keep = () => { try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* see above */ } };
  const decided = (id) => kept.of[id] || { state: "open", comment: "" };
  const forms = [...document.querySelectorAll("form.review")];

  function show() {
    const count = { open: 0, accept: 0, reject: 0 };
    for (const form of forms) count[decided(form.dataset.for).state] += 1;
    $("progress").textContent = words.progress.replace("{open}", count.open).replace("{accept}", count.accept).replace("{reject}", count.reject);
  }

  function filter() {
    const severity = $("by-severity").value, rule = $("by-rule").value, state = $("by-state").value;
    const shown = new Set();
    for (const finding of data.findings) {
      const fits = (!severity || finding.severity === severity) && (!rule || finding.rule === rule) && (!state || decided(finding.root).state === state);
      if (fits) { shown.add(finding.id); shown.add(finding.root); }
    }
    const files = new Set(data.findings.filter((finding) => shown.has(finding.id)).map((finding) => String(finding.file)));
    for (const article of document.querySelectorAll("article[id]")) article.hidden = !shown.has(article.id);
    for (const row of document.querySelectorAll("tr[data-of]")) row.hidden = !shown.has(row.dataset.of);
    const all = !severity && !rule && !state;
    for (const row of document.querySelectorAll("tr[data-file]")) row.hidden = !all && !files.has(row.dataset.file);
  }

  for (const form of forms) {
    const id = form.dataset.for, own = decided(id), comment = form.querySelector("textarea");
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector(`input[value="${own.state}"]`).checked = true;
    comment.value = own.comment;
    const changed = () => {
      kept.of[id] = { state: form.querySelector("input:checked").value, comment: comment.value };
      comment.removeAttribute("aria-invalid");
      keep(); show();
    };
    form.addEventListener("change", changed);
    comment.addEventListener("input", changed);
  }

  function save(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function refuse(element, text) {
    element.setAttribute("aria-invalid", "true");
    element.focus();
    $("progress").textContent = text;
  }

  $("save-waivers").addEventListener("click", () => {
    const author = $("author").value.trim();
    const accepted = data.findings.filter((finding) => decided(finding.root).state === "accept");
    if (!accepted.length) { $("progress").textContent = words.none; return; }
    if (!author) { refuse($("author"), words.noAuthor); return; }
    const silent = accepted.find((finding) => !decided(finding.root).comment.trim());
    if (silent) { refuse($("comment-" + silent.root), words.noReason.replace("{id}", silent.root)); return; }
    const lines = [];
    for (const finding of accepted) {
      const entry = { ...finding.waiver, reason: decided(finding.root).comment.trim(), author };
      lines.push("# " + finding.headline);
      Object.entries(entry).forEach(([name, value], at) => lines.push((at ? "  " : "- ") + name + ": " + JSON.stringify(value)));
    }
    save("waivers.yaml", "application/yaml", lines.join("\n") + "\n");
  });

  $("save-memo").addEventListener("click", () => {
    const page = document.implementation.createHTMLDocument(words.memo);
    const add = (parent, tag, text) => { const made = page.createElement(tag); if (text !== undefined) made.textContent = text; parent.append(made); return made; };
    page.documentElement.lang = document.documentElement.lang;
    const meta = page.createElement("meta"); meta.setAttribute("charset", "utf-8"); page.head.prepend(meta);
    add(page.head, "style", "body{font:11pt/1.6 'Malgun Gothic',sans-serif;max-width:50rem;margin:2rem auto}table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:4px 6px;vertical-align:top;text-align:left}@page{size:A4;margin:20mm}");
    add(page.body, "h1", words.memo);
    for (const line of data.about) add(page.body, "p", line);
    if ($("author").value.trim()) add(page.body, "p", words.author + ": " + $("author").value.trim());
    const table = add(page.body, "table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
    for (const text of words.heads) add(head, "th", text);
    for (const finding of data.findings.filter((one) => one.root === one.id)) {
      const own = decided(finding.id), row = add(body, "tr");
      for (const text of [finding.id, finding.place, finding.headline, words[own.state], own.comment]) add(row, "td", text);
    }
    save("memo.html", "text/html", "<!DOCTYPE html>" + page.documentElement.outerHTML);
  });

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.querySelectorAll("thead th")];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending" || (column === 0 && !head.hasAttribute("aria-sort"));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const value = (row) => { const cell = row.children[column]; return column ? Number(cell.dataset.value) : cell.textContent; };
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, other) => { const a = value(one), b = value(other); return (a < b ? -1 : a > b ? 1 : 0) * (down ? 1 : -1); });
      table.tBodies[0].append(...rows);
    }));
  }

  $("author").value = kept.author || "";
  $("author").addEventListener("input", () => { kept.author = $("author").value; $("author").removeAttribute("aria-invalid"); keep(); });
  for (const id of ["by-severity", "by-rule", "by-state"]) $(id).addEventListener("change", filter);
  document.querySelector(".controls").hidden = !data.findings.length;
  show();
})();
