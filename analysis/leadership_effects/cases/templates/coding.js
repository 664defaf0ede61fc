// Keeps the codes of one person and writes them to a file; asks nothing of a network.
(() => {
  "use strict";

  const settings = JSON.parse(document.getElementById("settings").textContent);
  const form = document.getElementById("coding");
  const items = [...form.querySelectorAll("fieldset")];
  const told = document.getElementById("progress");
  let unsaved = false;
  let edited = items[0];

  const chosen = (item) => item.querySelector("input[type=radio]:checked");
  const part = (item, name) => document.getElementById(`${item.id}-${name}`);
  const contested = (item) => item.querySelector("input[type=checkbox]");

  function complete(item) {
    return Boolean(chosen(item) && part(item, "evidence").value.trim() && part(item, "reason").value.trim());
  }

  function tell(words = "") {
    for (const item of items) {
      const done = complete(item);
      item.classList.toggle("done", done);
      item.classList.toggle("open-item", !done);
    }
    const done = items.filter(complete).length;
    const state = `${done} of ${items.length} items are complete${unsaved ? ", not all of it saved" : ""}.`;
    told.textContent = words ? `${words} ${state}` : state;
  }

  function nameFault() {
    const name = form.elements.coder.value.trim();
    if (!/^[\p{L}][\p{L}\d-]{0,29}$/u.test(name)) return "Give your name first: letters, digits and hyphens, beginning with a letter.";
    const same = settings.taken.find((taken) => taken.toLowerCase() === name.toLowerCase());
    return same ? `${same} is the name of a reading that is there already; take another.` : "";
  }

  // A line break would end a row for some programs, so that a cell is one line.
  const plain = (text) => text.trim().replace(/\s+/g, " ");
  const quoted = (cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

  function rows() {
    return items.map((item) => {
      const code = chosen(item)?.value ?? "";
      return {
        release: settings.release,
        case_id: settings.case_id,
        kind: item.dataset.kind,
        item: item.dataset.item,
        coder: form.elements.coder.value.trim(),
        state: complete(item) ? (code === "silent" ? "silent" : "coded") : "open",
        code: code === "silent" ? "" : code,
        contested: contested(item).checked ? "true" : code && code !== "silent" ? "false" : "",
        evidence: plain(part(item, "evidence").value),
        reason: plain(part(item, "reason").value),
        read_on: form.elements.read_on.value,
        saw: plain(form.elements.saw.value),
      };
    });
  }

  function save() {
    const fault = nameFault() || (form.elements.read_on.value ? "" : "Give the day of the reading first.");
    if (fault) {
      tell(fault);
      (nameFault() ? form.elements.coder : form.elements.read_on).focus();
      return;
    }
    const lines = [settings.columns, ...rows().map((row) => settings.columns.map((column) => quoted(row[column])))];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${lines.map((cells) => cells.join(",")).join("\n")}\n`], { type: "text/csv" }));
    link.download = `coding-${settings.case_id}-${form.elements.coder.value.trim().toLowerCase()}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsaved = false;
    tell(`Saved as ${link.download}.`);
  }

  function parsed(text) {
    const table = [[""]];
    let open = false;
    const separator = (text.split("\n", 1)[0].match(/;/g) ?? []).length > 2 ? ";" : ",";
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at];
      const row = table[table.length - 1];
      if (open && sign === '"' && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
      else if (sign === '"') open = !open;
      else if (!open && sign === separator) row.push("");
      else if (!open && sign === "\n") table.push([""]);
      else if (open || sign !== "\r") row[row.length - 1] += sign;
    }
    return table.filter((row) => row.some(Boolean));
  }

  function faultOf(head, body) {
    const lacking = settings.columns.find((column) => !head.includes(column));
    if (lacking) return `column ${lacking} is missing`;
    for (const [number, row] of body.entries()) {
      const item = document.getElementById(`${row.kind}-${row.item}`);
      const where = `row ${number + 2}`;
      if (row.case_id !== settings.case_id) return `${where} is of ${row.case_id}, and this page of ${settings.case_id}`;
      if (!items.includes(item)) return `${where}: ${row.kind} ${row.item} is no item`;
      if (row.code && !item.querySelector(`input[type=radio][value="${CSS.escape(row.code)}"]`))
        return `${where}: ${row.code} is no code of ${row.item}`;
    }
    return body.length ? "" : "it has no rows";
  }

  async function resume(file) {
    const [head = [], ...cells] = parsed((await file.text()).replace(/^\ufeff/, ""));
    const body = cells.map((row) => Object.fromEntries(head.map((column, at) => [column, row[at] ?? ""])));
    const fault = faultOf(head, body);
    if (fault) {
      tell(`${file.name} cannot be resumed: ${fault}.`);
      return;
    }
    for (const row of body) {
      const item = document.getElementById(`${row.kind}-${row.item}`);
      const value = row.code || (row.state === "silent" ? "silent" : "");
      for (const choice of item.querySelectorAll("input[type=radio]")) choice.checked = value !== "" && choice.value === value;
      contested(item).checked = row.contested.toLowerCase() === "true";
      part(item, "evidence").value = row.evidence;
      part(item, "reason").value = row.reason;
    }
    for (const name of ["coder", "read_on", "saw"]) form.elements[name].value = body[0][name];
    unsaved = false;
    tell(`Resumed from ${file.name}.`);
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    edited = event.target.closest("fieldset") ?? edited;
    unsaved = true;
    tell();
  });
  form.addEventListener("focusin", (event) => {
    edited = event.target.closest("fieldset") ?? edited;
  });
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("resume").addEventListener("change", (event) => {
    if (event.target.files[0]) resume(event.target.files[0]);
    event.target.value = "";
  });
  document.getElementById("find").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase();
    for (const row of document.querySelectorAll("#rows li")) row.hidden = !row.textContent.toLowerCase().includes(words);
  });
  for (const button of document.querySelectorAll(".cite")) {
    button.addEventListener("click", () => {
      const field = part(edited, "evidence");
      const cited = field.value.trim();
      if (!cited.split(/;\s*/).includes(button.textContent)) field.value = cited ? `${cited}; ${button.textContent}` : button.textContent;
      unsaved = true;
      tell(`${button.textContent} is cited for ${edited.querySelector("legend").textContent}.`);
    });
  }
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  const now = new Date();
  form.elements.read_on.value = new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  tell();
})();
