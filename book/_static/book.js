// What a page does beyond being read: light or dark, the card of a number, glossary terms, citations to copy, the name
// of the section in view.
// Without it, numbers and terms are links to the pages that hold the same words.
(() => {
  "use strict";

  const root = document.documentElement;
  const fetched = new Map();

  // Light and dark
  const scheme = document.getElementById("scheme-button");
  const showScheme = () => {
    const dark = root.dataset.theme === "dark";
    scheme.setAttribute("aria-pressed", String(dark));
    scheme.querySelector(".unseen").textContent = "Dark colours";
  };
  showScheme();
  scheme.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("scheme", root.dataset.theme);
    } catch {
      // storage is refused: the choice lasts for this page
    }
    showScheme();
  });

  // Documents that cards are taken from
  function documentAt(url) {
    const key = url.href;
    if (!fetched.has(key)) {
      const loading = fetch(key).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}: ${key}`);
        const text = await answer.text();
        const made = new DOMParser().parseFromString(text, "text/html");
        for (const link of made.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), key).href;
        return made;
      });
      loading.catch(() => fetched.delete(key));
      fetched.set(key, loading);
    }
    return fetched.get(key);
  }

  // The card: one dialog a page
  let card;
  function cardDialog() {
    if (card) return card;
    card = document.createElement("dialog");
    card.id = "card";
    card.className = "card";
    card.setAttribute("aria-labelledby", "card-title");
    card.innerHTML =
      '<div class="card-bar"><p id="card-title"></p><button type="button" class="plain card-close">Close</button></div>' +
      '<div class="card-body"></div>';
    card.querySelector(".card-close").addEventListener("click", () => card.close());
    card.addEventListener("click", (event) => {
      if (event.target === card) card.close();
    });
    document.body.append(card);
    return card;
  }

  function showCard(title, content, language) {
    const dialog = cardDialog();
    dialog.querySelector("#card-title").textContent = title;
    const body = dialog.querySelector(".card-body");
    body.replaceChildren(...content);
    body.scrollTop = 0;
    dialog.lang = language;
    if (!dialog.open) dialog.showModal();
  }

  async function openNumber(link) {
    const url = new URL(link.href);
    const entry = (await documentAt(new URL(url.pathname, url))).getElementById(decodeURIComponent(url.hash.slice(1)));
    if (!entry) throw new Error(`no entry ${url.hash}`);
    const shown = document.importNode(entry, true);
    shown.removeAttribute("id");
    shown.querySelectorAll("a.rows").forEach(addRowsButton);
    addCopyButton(shown);
    const whole = document.createElement("p");
    whole.className = "card-more";
    whole.innerHTML = '<a>This number among all of its notebook</a>';
    whole.firstChild.href = link.href;
    showCard("What this number is", [shown, whole], "en");
  }

  function addCopyButton(entry) {
    const cite = entry.querySelector(".cite-text");
    if (!cite || !navigator.clipboard) return;
    cite.after(" ", copyButton(() => cite.textContent));
  }

  function copyButton(text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    });
    return button;
  }

  // Rows of the release behind a number
  const MOST = 50;
  function addRowsButton(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = "Show rows";
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const answer = await fetch(link.href);
        if (!answer.ok) throw new Error(String(answer.status));
        link.parentElement.append(rowsTable(parseCsv(await answer.text()), wanted(link.dataset.rows)));
        button.remove();
      } catch {
        button.textContent = "Not loaded: open the file";
      }
    });
    link.parentElement.append(" ", button);
  }

  function wanted(ranges) {
    return ranges.split(", ").flatMap((range) => {
      const [first, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
  }

  function parseCsv(text) {
    const rows = [[]];
    let cell = "";
    let quoted = false;
    for (let i = 0; i < text.length; i += 1) {
      const c = text[i];
      if (quoted) {
        if (c !== '"') cell += c;
        else if (text[i + 1] === '"') { cell += '"'; i += 1; }
        else quoted = false;
      } else if (c === '"') quoted = true;
      else if (c === "," || c === "\n") {
        rows.at(-1).push(cell);
        cell = "";
        if (c === "\n") rows.push([]);
      } else if (c !== "\r") cell += c;
    }
    return rows;
  }

  function rowsTable(table, numbers) {
    const box = document.createElement("div");
    box.className = "table-scroll";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Rows of the release");
    const shown = numbers.slice(0, MOST).map((number) => [String(number), ...table[number - 1]]);
    const head = ["row", ...table[0]];
    const filled = head.map((_, column) => shown.some((row) => row[column]));
    const html = document.createElement("table");
    for (const [line, cells] of [head, ...shown].entries()) {
      const row = html.insertRow();
      cells.forEach((cell, column) => {
        if (!filled[column]) return;
        const made = document.createElement(line && column ? "td" : "th");
        if (!line) made.scope = "col";
        else if (!column) made.scope = "row";
        made.textContent = cell;
        row.append(made);
      });
    }
    box.append(html);
    if (numbers.length > MOST) box.append(`The first ${MOST} of ${numbers.length} rows; the file holds all.`);
    return box;
  }

  function openTerm(link) {
    const definition = document.createElement("p");
    definition.textContent = link.dataset.definition;
    const whole = document.createElement("p");
    whole.className = "card-more";
    whole.innerHTML = "<a>Glossary</a>";
    whole.firstChild.href = link.href;
    showCard(link.textContent, [definition, whole], "en");
  }

  const served = location.protocol !== "file:"; // browsers read no other file from a file
  if (served) document.querySelectorAll("main .source a.rows").forEach(addRowsButton);
  function opens(link) {
    if (link.matches("a.term")) return openTerm;
    if (link.matches("a.num") && served) return openNumber;
    return null;
  }

  for (const link of document.querySelectorAll("main a.num, main a.term")) {
    if (!opens(link)) continue;
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("main a.num, main a.term");
    const open = link && opens(link);
    if (!open || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await open(link);
    } catch {
      location.href = link.href;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.("main a[role=button]")) return;
    event.preventDefault();
    event.target.click();
  });

  // Citations
  if (navigator.clipboard) {
    for (const block of document.querySelectorAll(".cite pre")) block.before(copyButton(() => block.textContent));
  }

  // Contents: the entry of the place in view, and the page's own at first
  const contents = document.getElementById("contents");
  const isDrawer = () => getComputedStyle(contents).position === "fixed";
  const showIn = (list, entry) => {
    if (!entry?.checkVisibility()) return;
    const [box, inside] = [list.getBoundingClientRect(), entry.getBoundingClientRect()];
    if (inside.top < box.top || inside.bottom > box.bottom) {
      list.scrollTop += inside.top - box.top - (box.height - inside.height) / 2;
    }
  };
  const showCurrent = () => {
    const page = contents.querySelector("[aria-current=page]");
    showIn(contents, page);
    showIn(contents, contents.querySelector("[aria-current=location]"));
  };
  contents.addEventListener("toggle", showCurrent);
  contents.addEventListener("click", (event) => {
    if (isDrawer() && event.target.closest("a[href^='#']")) contents.hidePopover();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href='#contents']");
    if (!link || contents.checkVisibility()) return;
    event.preventDefault();
    contents.showPopover();
    contents.focus();
  });

  // Where the reader is: the last section that begins above the line below the header
  const here = document.getElementById("here");
  const [over, name] = here.children;
  const atTop = [over.textContent, name.textContent];
  const linksTo = new Map();
  for (const link of document.querySelectorAll(".sections a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) linksTo.set(target, [...(linksTo.get(target) ?? []), link]);
  }
  const bar = document.querySelector(".site-bar");
  let current = null;
  function mark() {
    const line = bar.getBoundingClientRect().bottom + 40;
    let found = null;
    for (const target of linksTo.keys()) {
      if (target.checkVisibility() && target.getBoundingClientRect().top <= line) found = target;
    }
    if (found === current) return;
    for (const link of linksTo.get(current) ?? []) link.removeAttribute("aria-current");
    current = found;
    for (const link of linksTo.get(current) ?? []) link.setAttribute("aria-current", "location");
    [over.textContent, name.textContent] = found ? [atTop[1], linksTo.get(found)[0].textContent] : atTop;
    const list = document.querySelector(".on-page");
    if (list) showIn(list, list.querySelector("[aria-current]"));
    if (!isDrawer()) showCurrent();
  }
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  showCurrent();
  mark();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches?.("input, select, textarea")) return;
    event.preventDefault();
    document.querySelector(".site-search input").focus();
  });
})();
