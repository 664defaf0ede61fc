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
    scheme.querySelector(".unseen").textContent = scheme.dataset.dark;
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

  const top = new URL(root.dataset.content_root, location.href);

  // Cards and names, a small file each
  function held(path) {
    if (!fetched.has(path)) {
      const loading = fetch(new URL(path, top)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}: ${path}`);
        return answer.json();
      });
      loading.catch(() => fetched.delete(path));
      fetched.set(path, loading);
    }
    return fetched.get(path);
  }

  // The file of a card, counted as numbers_pages.py counts it
  const CARD_FILES = 64;
  const cardFile = (key) => [...key].reduce((number, c) => (31 * number + c.codePointAt(0)) % CARD_FILES, 0);

  // The card: one dialog a page
  let card, opener;
  if (history.state?.card) history.replaceState(null, ""); // loaded again: no card is open
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
    // An open card is a step of the history, so that Back closes it and does not leave the page.
    card.addEventListener("close", () => {
      if (history.state?.card) history.back();
    });
    addEventListener("popstate", () => {
      if (card.open) card.close();
      // after this the browser may move the focus to the fragment of the address; a reader's own move stays
      const number = opener;
      opener = null;
      const back = () => {
        if (document.activeElement.matches("body, :target")) number.focus({ preventScroll: true });
      };
      if (number) for (const wait of [0, 50]) setTimeout(back, wait);
    });
    document.body.append(card);
    return card;
  }

  function showCard(title, content, language) {
    const dialog = cardDialog();
    dialog.querySelector("#card-title").textContent = title;
    const body = dialog.querySelector(".card-body");
    body.replaceChildren(...content);
    dialog.lang = language;
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
      history.pushState({ card: true }, "");
    }
    body.scrollTop = 0; // a closed dialog has no place to scroll to
  }

  async function openNumber(link) {
    const { pathname, hash, href } = new URL(link.href);
    const notebook = decodeURIComponent(pathname.split("/").at(-1)).replace(/\.html$/, "");
    const key = decodeURIComponent(hash).slice(`#num-${notebook}-`.length);
    const { cards, lists } = await held(`numbers/cards/${notebook}/${cardFile(key)}.json`);
    if (!cards[key]) throw new Error(`no card ${hash}`);
    const html = cards[key].replace(/<!--(\d+)-->/g, (mark, number) => lists[number]).replaceAll("lb:/", top.href);
    const entry = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    const shown = document.importNode(entry, true);
    shown.removeAttribute("id");
    shown.querySelectorAll("a.rows").forEach(addRowsButton);
    shown.querySelector(".cite-text")?.after(" ", copyButton("Copy", (button) => button.previousElementSibling.textContent));
    const whole = document.createElement("p");
    whole.className = "card-more";
    whole.innerHTML = "<a>This number among all of its notebook</a> ";
    whole.firstChild.href = href;
    whole.append(copyButton("Copy link to this number", () => href));
    showCard("What this number is", [shown, whole], "en");
  }

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // no clipboard without a secure address: copy out of a field next to the button
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "unseen";
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
  }

  function copyButton(label, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = label;
    button.addEventListener("click", async () => {
      await copy(text(button), button);
      button.textContent = label.replace("Copy", "Copied");
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
        const [answer, names] = await Promise.all([fetch(link.href), held("numbers/cards/names.json")]);
        if (!answer.ok) throw new Error(String(answer.status));
        link.parentElement.append(rowsTable(parseCsv(await answer.text()), wanted(link.dataset.rows), names));
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

  // Each row as a list of its cells: a card has no room for a line of them
  function rowsTable(table, numbers, names) {
    const outer = document.createElement("div");
    outer.className = "table-box as-list cards";
    const box = document.createElement("div");
    box.className = "table-scroll";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Rows of the release");
    const shown = numbers.slice(0, MOST).map((number) => [`row ${number}`, ...table[number - 1]]);
    const head = ["row", ...table[0]];
    const filled = head.map((_, column) => shown.some((row) => row[column]));
    const html = document.createElement("table");
    const parts = [html.createTHead(), html.createTBody()];
    for (const [line, cells] of [head, ...shown].entries()) {
      const row = parts[Math.min(line, 1)].insertRow();
      cells.forEach((cell, column) => {
        if (!filled[column]) return;
        const made = document.createElement(line && column ? "td" : "th");
        if (!line) made.scope = "col";
        else if (!column) made.scope = "row";
        made.textContent = cell;
        if (!line) made.textContent = cell.replace(/_id$/, "").replaceAll("_", " ");
        else if (head[column].endsWith("_id") && names[cell]) {
          made.textContent = names[cell];
          made.title = cell;
        }
        if (line && column) made.dataset.label = head[column].replace(/_id$/, "").replaceAll("_", " ");
        row.append(made);
      });
    }
    box.append(html);
    outer.append(box);
    if (numbers.length > MOST) outer.append(`The first ${MOST} of ${numbers.length} rows; the file holds all.`);
    return outer;
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

  // Charts to pass on: a link, and a frame for other sites
  for (const figure of document.querySelectorAll("main figure.chart[data-spec]")) {
    const embed = document.createElement("button");
    embed.type = "button";
    embed.className = "small";
    embed.textContent = "Embed this chart";
    embed.addEventListener("click", () => showEmbed(figure));
    const link = copyButton("Copy link to this chart", () => new URL(`#${figure.id}`, location.href).href);
    for (const button of [link, embed]) {
      const item = document.createElement("li");
      item.append(button);
      figure.querySelector(".chart-downloads")?.append(item);
    }
  }

  function showEmbed(figure) {
    const alone = `book/embed/${figure.dataset.spec.split("/").at(-1).replace(/\.json$/, ".html")}`;
    const published = document.querySelector("link[rel=canonical]");
    const told = document.createElement("p");
    told.innerHTML = "<a>The chart alone</a>, with title, source and a link to this book. ";
    told.firstChild.href = new URL(alone, top);
    if (!published) {
      told.append("This copy of the book has no public address (html_baseurl in _config.yml), so there is no code to embed it by.");
      showCard("Embed this chart", [told], "en");
      return;
    }
    const frame = document.createElement("iframe");
    frame.src = new URL(alone, new URL(root.dataset.content_root, published.href));
    frame.title = figure.querySelector(".chart-title")?.textContent ?? "Chart";
    frame.width = "100%";
    frame.height = "640";
    frame.loading = "lazy";
    const code = document.createElement("pre");
    code.tabIndex = 0;
    code.textContent = frame.outerHTML;
    const button = document.createElement("p");
    button.append(copyButton("Copy code", () => code.textContent));
    showCard("Embed this chart", [told, code, button], "en");
  }

  // The page to pass on
  const passOn = document.querySelector(".copy-page");
  passOn?.addEventListener("click", async () => {
    await copy(location.origin + location.pathname, passOn);
    passOn.textContent = passOn.dataset.done;
  });

  // Citations
  for (const block of document.querySelectorAll(".cite pre")) block.before(copyButton("Copy", () => block.textContent));

  // Search: its script comes with the first focus on a box, on the search page at once
  const searching = new URL("search.js", document.currentScript.src);
  for (const form of document.querySelectorAll(".site-search, .search-page")) {
    const load = async () => (await import(searching)).attach(form);
    if (form.matches(".search-page") || form.contains(document.activeElement)) load();
    else form.addEventListener("focusin", load, { once: true });
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

  // A wide table reaches into the margin: the contents there give way while it is beside them
  const beside = document.querySelector(".on-page");
  const wide = document.querySelectorAll(".table-box.wide");
  function giveWay() {
    if (!beside) return;
    const list = beside.getBoundingClientRect();
    const covered = [...wide].some((table) => {
      const box = table.getBoundingClientRect();
      return box.right > list.left && box.top < list.bottom && box.bottom > list.top;
    });
    beside.classList.toggle("covered", covered);
  }
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
      giveWay();
    });
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  showCurrent();
  mark();
  giveWay();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches?.("input, select, textarea")) return;
    event.preventDefault();
    document.querySelector(".site-search input").focus();
  });
})();
