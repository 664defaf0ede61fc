// Search as one types, over Pagefind's index of the site. Loaded with the first focus on a search box (book.js); nothing of
// Pagefind is asked for before. A query is words, phrases in quotes, or both; without a result the nearest word is offered.
const TOP = new URL("../", import.meta.url);
const INDEX = new URL("pagefind/", TOP);
const WAIT = 200; // milliseconds after a key
const FEWEST = 2; // letters of a query
const BOX = { pages: 6, sections: 2 };
const PAGE = { pages: 10, sections: 3 };
const RANKING = { metaWeights: { title: 5, answers: 8, lang: 0 } };

let engine;
function loadEngine() {
  engine ??= import(new URL("pagefind.js", INDEX)).then(async (pagefind) => {
    await pagefind.options({ baseUrl: TOP.pathname, excerptLength: 26, ranking: RANKING });
    return pagefind;
  });
  engine.catch(() => { engine = undefined; });
  return engine;
}

let styles;
function loadStyles() {
  styles ??= new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("search.css", import.meta.url);
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styles;
}

// Queries
const PHRASE = /"([^"]+)"/g;
function parse(text) {
  const query = text.normalize("NFC").replace(/[“”„«»]/g, '"').trim();
  const phrases = [...query.matchAll(PHRASE)].map((found) => found[1].trim()).filter((phrase) => /\s/.test(phrase));
  const terms = query.replace(/["\s]+/g, " ").trim().split(" ").filter(Boolean);
  return { phrases, terms };
}

// Pages that hold all words in Pagefind's order, chapters before lists of sources; a phrase takes out those that lack it,
// because Pagefind does not order what it finds for a phrase.
async function ask({ phrases, terms }) {
  const pagefind = await loadEngine();
  const words = terms.join(" ");
  const asked = [pagefind.search(words), pagefind.search(words, { filters: { kind: "source" } })];
  const [all, sources] = (await Promise.all(asked)).map(({ results }) => results);
  const listed = new Set(sources.map((result) => result.id));
  let found = [...all.filter((result) => !listed.has(result.id)), ...sources];
  for (const phrase of phrases) {
    const holding = new Map((await pagefind.search(`"${phrase}"`)).results.map((result) => [result.id, result]));
    found = found.filter((result) => holding.has(result.id)).map((result) => holding.get(result.id));
  }
  return found;
}

// Nearest word
const plain = (word) => word.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
const letters = (word) => plain(word).replace(/[^\p{L}\p{M}\p{N}]/gu, "");

// Pagefind answers a word that it lacks with what that word begins with, down to one letter: such a match counts for none.
function matches(term, marked) {
  const wanted = letters(term);
  return marked.some((word) => {
    const seen = letters(word);
    let same = 0;
    while (same < wanted.length && wanted[same] === seen[same]) same += 1;
    return same >= Math.min(wanted.length, Math.max(3, wanted.length - 3));
  });
}

// Letters to change, add, take out or swap with the next one to turn one word into the other; `most` + 1 if more.
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length];
}

let listed;
async function nearest(term) {
  listed ??= fetch(new URL("words.txt", INDEX)).then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.text()).split("\n").map((word) => [word, plain(word)]);
  });
  const wanted = letters(term);
  let best = "";
  let least = (wanted.length < 5 ? 1 : 2) + 1;
  for (const [word, bare] of await listed) { // the frequent ones first
    const far = distance(wanted, bare, least - 1);
    if (far < least) [best, least] = [word, far];
  }
  return best;
}

// Results
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The words around a match without the heading above them, which Pagefind puts before a section's first words.
function excerpt(html, title) {
  const made = element("p", { className: "search-excerpt" });
  made.innerHTML = html; // Pagefind escapes the text and adds <mark> alone
  let heading = made.textContent.startsWith(title) ? title.length : 0;
  const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
  while (heading && texts.nextNode()) {
    const text = texts.currentNode;
    const cut = Math.min(heading, text.length);
    text.deleteData(0, cut);
    heading -= cut;
  }
  if (texts.currentNode !== made) texts.currentNode.data = texts.currentNode.data.replace(/^[.\s]+/, "");
  return made.textContent.trim() ? made : "";
}

function shownPage(data, most) {
  const whole = data.sub_results.filter((part) => !part.anchor || part.anchor.element === "h1");
  const parts = data.sub_results.filter((part) => !whole.includes(part));
  const weight = (part) => part.weighted_locations.reduce((sum, word) => sum + word.balanced_score, 0);
  const chosen = new Set([...parts].sort((a, b) => weight(b) - weight(a)).slice(0, most));
  const item = element("li", {}, element("a", { href: data.url, className: "search-title", textContent: data.meta.title }));
  item.lang = data.meta.lang ?? "en";
  if (whole.length || !chosen.size) item.append(excerpt(whole[0]?.excerpt ?? data.excerpt, data.meta.title));
  if (chosen.size) {
    const entry = (part) => element("li", {}, element("a", { href: part.url, textContent: part.title }), excerpt(part.excerpt, part.title));
    item.append(element("ul", {}, ...parts.filter((part) => chosen.has(part)).map(entry)));
  }
  return item;
}

async function shown(query, pages) {
  const found = await ask(query);
  const data = await Promise.all(found.slice(0, pages).map((result) => result.data()));
  const passages = data.flatMap((page) => [page.excerpt, ...page.sub_results.map((part) => part.excerpt)]);
  const marked = passages.flatMap((passage) => [...passage.matchAll(/<mark>(.*?)<\/mark>/g)].map((mark) => mark[1]));
  const told = data.flatMap((page) => Object.values(page.meta).flatMap((words) => words.split(/\s+/)));
  const lacking = query.terms.filter((term) => !matches(term, [...marked, ...told]));
  return { total: found.length, data, lacking };
}

// Without the words that no page holds, if others are left, and with the nearest words to those.
async function answer(text, { pages, sections }) {
  const query = parse(text);
  let { total, data, lacking } = await shown(query, pages);
  if (total && !lacking.length) return { total, data, lacking, sections, better: "" };
  const words = total ? lacking : query.terms;
  const near = new Map(await Promise.all(words.map(async (term) => [term, await nearest(term)])));
  const better = query.terms.map((term) => near.get(term) || term).join(" ");
  const rest = query.terms.filter((term) => !lacking.includes(term));
  if (!rest.length) [total, data] = [0, []];
  else if (lacking.length) ({ total, data } = await shown({ phrases: [], terms: rest }, pages));
  return { total, data, lacking, sections, better: plain(better) === plain(query.terms.join(" ")) ? "" : better };
}

// One query after the other: Pagefind keeps one state for a page's passages, which two at a time would share.
let turn = Promise.resolve();
function queue(work) {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

// The box of a page's header shows results below it; the search page shows them in the page and keeps the words in its address.
export function attach(form) {
  const input = form.querySelector("input[type=search]");
  const whole = form.matches(".search-page");
  const most = whole ? { ...PAGE } : BOX;
  const status = element("p", { className: "search-status" });
  status.setAttribute("role", "status");
  const list = element("ol", { className: "search-list" });
  const panel = element("div", { className: "search-panel", lang: "en", hidden: true }, status, list);
  if (whole) document.getElementById("search-results").replaceChildren(panel);
  else form.append(panel);
  const styled = loadStyles();
  let asked = "";
  let waiting;

  function place() {
    if (whole || panel.hidden) return;
    const box = form.getBoundingClientRect();
    const top = Math.max(box.bottom, 0);
    panel.style.top = `${top}px`;
    panel.style.maxHeight = `${Math.max(innerHeight - top - 8, 160)}px`;
  }

  function show(visible) {
    panel.hidden = !visible;
    place();
  }

  function tell(words, ...after) {
    status.replaceChildren(words, ...after);
  }

  function suggestion(words) {
    const button = element("button", { type: "button", className: "search-near", textContent: words });
    button.addEventListener("click", () => {
      input.value = words;
      input.focus();
      search();
    });
    return button;
  }

  function render({ total, data, lacking, sections, better }, text) {
    const near = better ? [" Did you mean ", suggestion(better), "?"] : [];
    if (total) {
      const rest = total > data.length && !whole ? `, the first ${data.length} here` : "";
      tell(`${total === 1 ? "1 page" : `${total} pages`} found${rest}.`,
        ...(lacking.length ? [` None has ${lacking.map((term) => `“${term}”`).join(", ")}.`, ...near] : []));
    } else {
      tell(near.length || lacking.length ? `Nothing found for “${text}”.` : "No page holds all of these words.", ...near);
    }
    list.replaceChildren(...data.map((page) => shownPage(page, sections)));
    if (total > data.length) list.append(element("li", { className: "search-more" }, whole ? more() : all(text)));
  }

  function all(text) {
    const address = new URL("search.html", TOP);
    address.searchParams.set("q", text);
    return element("a", { href: address, textContent: "All results" });
  }

  function more() {
    const button = element("button", { type: "button", className: "small", textContent: "More results" });
    button.addEventListener("click", async () => {
      const next = list.children.length - 1;
      most.pages += PAGE.pages;
      await search();
      list.children[next]?.querySelector("a, button").focus();
    });
    return button;
  }

  async function search() {
    clearTimeout(waiting);
    const text = input.value.trim();
    asked = text;
    if (whole) history.replaceState(null, "", text ? `?${new URLSearchParams({ q: text })}` : location.pathname);
    if (text.replace(/["“”]/g, "").length < FEWEST) {
      list.replaceChildren();
      tell("");
      show(false);
      return;
    }
    try {
      const asking = queue(() => (asked === text ? answer(text, most) : null));
      const [found] = await Promise.all([asking, styled]);
      if (asked !== text || !found) return; // overtaken by a later key
      render(found, text);
    } catch {
      if (asked !== text) return;
      list.replaceChildren();
      tell(location.protocol === "file:"
        ? "Search works where the book is served, not from a file. The contents list every page."
        : "The search did not load. The contents list every page.");
    }
    show(whole || form.contains(document.activeElement));
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (whole) most.pages = PAGE.pages;
    waiting = setTimeout(search, WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (!whole) return;
    event.preventDefault();
    search();
  });
  const stops = () => [input, ...panel.querySelectorAll("a, button")];
  (whole ? form.parentElement : form).addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !whole) {
      event.preventDefault(); // the browser would empty the box
      input.focus(); // which shows the results again
      show(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops().indexOf(document.activeElement);
    if (!step || panel.hidden || at < 0) return;
    event.preventDefault();
    stops()[Math.min(Math.max(at + step, 0), stops().length - 1)].focus();
  });
  if (!whole) {
    input.addEventListener("focus", () => {
      if (input.value.trim() === asked && status.textContent) show(true);
    });
    form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) show(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!form.contains(event.target)) show(false);
    });
    addEventListener("resize", place);
    addEventListener("scroll", place, { passive: true });
  } else {
    input.value ||= new URLSearchParams(location.search).get("q") ?? "";
  }
  loadEngine().catch(() => {});
  if (input.value.trim()) search();
}
