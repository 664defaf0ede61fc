// Filters of the insights hub: in the page, from its address and without a server.
{
  const form = document.querySelector("form.insight-filters");
  const cards = [...document.querySelectorAll("article.insight")];

  // Letters without accents, so that "Peru" finds "Perú".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  if (form && cards.length) {
    const boxes = [...form.querySelectorAll("select")];
    const count = form.querySelector("[role=status]");
    const texts = new Map(cards.map((card) => [card, plain(card.textContent)]));
    const sections = new Set(cards.map((card) => card.closest("section")));

    const fits = (card, box) => {
      if (!box.value) return true;
      if (box.name === "grade") return card.dataset.grade !== "" && Number(card.dataset.grade) >= Number(box.value);
      return (card.dataset[box.name] || "").split(" ").includes(box.value);
    };

    const show = () => {
      const words = plain(form.elements.find.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const card of cards) {
        const found = words.every((word) => texts.get(card).includes(word));
        card.hidden = !(found && boxes.every((box) => fits(card, box)));
        shown += card.hidden ? 0 : 1;
      }
      for (const section of sections) {
        section.hidden = !section.querySelector("article.insight:not([hidden])");
      }
      count.textContent = `${shown} of ${cards.length} insights shown`;
    };

    // The address keeps the choice, so that it can be sent on; places are called "case" there, and the words are not
  // called "q", which would set off the search of the whole book.
    const keyOf = (field) => (field.name === "cases" ? "case" : field.name);
    const fields = [form.elements.find, ...boxes];

    const read = () => {
      const address = new URLSearchParams(location.search);
      for (const field of fields) {
        const value = address.get(keyOf(field)) || "";
        const known = !field.options || [...field.options].some((option) => option.value === value);
        field.value = known ? value : "";
      }
    };

    const write = () => {
      const address = new URLSearchParams(location.search);
      for (const field of fields) {
        if (field.value) address.set(keyOf(field), field.value);
        else address.delete(keyOf(field));
      }
      const query = address.toString();
      try {
        history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
      } catch {
        // A page opened as a file may not change its address; filtering works all the same.
      }
    };

    const change = () => {
      show();
      write();
    };

    // A link to a card that is filtered away shows everything again.
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target || !target.closest("[hidden]") || !target.closest("article.insight, section")) return;
      form.reset();
      for (const field of fields) field.value = "";
      change();
      target.scrollIntoView();
    };

    form.addEventListener("input", change);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(change));
    window.addEventListener("hashchange", reveal);
    window.addEventListener("popstate", () => {
      read();
      show();
    });

    form.hidden = false;
    read();
    show();
    reveal();
  }
}
