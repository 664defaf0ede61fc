// Order and filters of the insights: in the page, from its address and without a server.
{
  const form = document.querySelector("form.insight-filters");
  const cards = [...document.querySelectorAll("article.insight")];

  // Letters without accents, so that "Peru" finds "Perú".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  if (form && cards.length) {
    const { find, sort, cases, kind: kinds } = form.elements;
    const boxes = [...form.querySelectorAll("select")].filter((box) => box !== sort);
    const fields = [find, sort, ...boxes];
    const count = form.querySelector("[role=status]");
    const texts = new Map(cards.map((card) => [card, plain(card.textContent)]));
    const homes = new Map(cards.map((card) => [card, card.parentElement]));
    const sorted = document.createElement("div");
    form.after(sorted);

    const fits = (card, box) => {
      if (!box.value) return true;
      if (box.name === "grade") return card.dataset.grade !== "" && Number(card.dataset.grade) >= Number(box.value);
      return (card.dataset[box.name] || "").split(" ").includes(box.value);
    };

    // What an option of a box says, without its number of cards; its position is the order of its word.
    const labelOf = (box, word) => [...box.options].find(({ value }) => value === word).text.replace(/ \(\d+\)$/, "");
    const rankOf = (box, word) => [...box.options].findIndex(({ value }) => value === word);
    const title = (card) => card.querySelector(".insight-title").firstChild.textContent;
    const firstPlace = (card) => card.dataset.cases.split(" ")[0];
    // Of each order: where a card stands, and the heading that it stands under.
    const orders = {
      grade: (card) => [-Number(card.dataset.grade || -1), card.dataset.grade ? `Grade ${card.dataset.grade}` : "No grade"],
      place: (card) => [rankOf(cases, firstPlace(card)), labelOf(cases, firstPlace(card))],
      kind: (card) => [rankOf(kinds, card.dataset.kind), labelOf(kinds, card.dataset.kind)],
      title: () => [0, "By title"],
    };

    let arranged = "";

    function arrange() {
      if (arranged === sort.value) return; // a card that moves loses the focus
      arranged = sort.value;
      if (!orders[sort.value]) {
        for (const card of cards) homes.get(card).append(card);
        sorted.replaceChildren();
        return;
      }
      sorted.replaceChildren();
      const placed = cards.map((card) => [card, ...orders[sort.value](card)]);
      placed.sort(([a, rank], [b, other]) => rank - other || (sort.value === "title" ? title(a).localeCompare(title(b)) : 0));
      for (const [card, , heading] of placed) {
        let group = sorted.lastElementChild;
        if (group?.firstChild.textContent !== heading) {
          group = document.createElement("section");
          const head = document.createElement("h2");
          head.textContent = heading;
          const grid = document.createElement("div");
          grid.className = "insight-grid";
          group.append(head, grid);
          sorted.append(group);
        }
        group.lastChild.append(card);
      }
    }

    function show() {
      const words = plain(find.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const card of cards) {
        const found = words.every((word) => texts.get(card).includes(word));
        card.hidden = !(found && boxes.every((box) => fits(card, box)));
        shown += card.hidden ? 0 : 1;
      }
      const sections = [...homes.values()].map((grid) => grid.closest("section")).concat(...sorted.children);
      for (const section of sections) section.hidden = !section.querySelector("article.insight:not([hidden])");
      count.textContent = `${shown} of ${cards.length} insights shown`;
    }

    // The address keeps the choice, so that it can be sent on; places are called "case" there, and the words are not
    // called "q", which would set off the search of the whole book.
    const keyOf = (field) => (field.name === "cases" ? "case" : field.name);

    function read() {
      const address = new URLSearchParams(location.search);
      for (const field of fields) {
        const value = address.get(keyOf(field)) || "";
        const known = !field.options || [...field.options].some((option) => option.value === value);
        field.value = known ? value : "";
      }
      arrange();
      show();
    }

    // A choice is a step that Back takes back; letters typed are not.
    function write(step) {
      const address = new URLSearchParams(location.search);
      for (const field of fields) {
        if (field.value) address.set(keyOf(field), field.value);
        else address.delete(keyOf(field));
      }
      const query = address.toString();
      if (query === location.search.slice(1)) return;
      try {
        history[step ? "pushState" : "replaceState"](null, "", (query ? `?${query}` : location.pathname) + location.hash);
      } catch {
        // A page opened as a file may not change its address; the form works all the same.
      }
    }

    function change({ target }) {
      if (target === sort || target === form) arrange();
      show();
      write(target !== find);
    }

    // A link to a card or heading that is filtered or sorted away shows everything again.
    function reveal() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target || !target.closest("[hidden]") || !target.closest("article.insight, section")) return;
      for (const field of fields) field.value = "";
      change({ target: form });
      target.scrollIntoView();
    }

    form.addEventListener("input", change);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(change, 0, { target: form }));
    window.addEventListener("hashchange", reveal);
    window.addEventListener("popstate", read);

    form.hidden = false;
    read();
    reveal();
  }
}
