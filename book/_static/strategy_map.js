// The strategy map: its boxes are buttons, its choice stands in the address.
(() => {
  "use strict";

  const form = document.querySelector("form.map-form");
  const figure = form && document.getElementById(form.dataset.figure);
  if (!figure || location.protocol === "file:") return;
  const { place, follow } = form.elements;
  const told = form.querySelector("[role=status]");
  const links = JSON.parse(form.dataset.links);
  const view = figure.querySelector(".chart-view");
  const title = figure.querySelector(".chart-title"), whole = title?.textContent;
  const boxes = document.createElement("div");
  boxes.className = "map-boxes";
  boxes.setAttribute("role", "group");
  boxes.setAttribute("aria-label", "Boxes of the map: press one to follow its lines");
  let chart, hovered = "";

  const labelOf = (box, value) => [...box.options].find((option) => option.value === value)?.text ?? value;
  const textOf = (box) => box.selectedOptions[0].text;

  // What is drawn, from the box's own data
  const drawn = () => [...view.querySelectorAll(".mark-rect path")].filter((path) => path.__data__?.datum?.item);

  async function show() {
    if (!chart) return;
    chart.signal("pick_place", textOf(place)).signal("pick_item", labelOf(follow, hovered || follow.value));
    await chart.runAsync();
    lay();
    tell();
  }

  // Buttons lie over the boxes, outside the picture, whose inside is hidden from screen readers.
  function lay() {
    const around = view.getBoundingClientRect(), frame = figure.getBoundingClientRect();
    Object.assign(boxes.style, {
      left: `${around.left - frame.left}px`, top: `${around.top - frame.top}px`,
      width: `${around.width}px`, height: `${around.height}px`,
    });
    for (const path of drawn()) {
      const { item, name, told: record } = path.__data__.datum;
      const button = boxes.querySelector(`[value="${item}"]`) ?? added(item);
      const at = path.getBoundingClientRect();
      Object.assign(button.style, {
        left: `${at.left - around.left}px`, top: `${at.top - around.top}px`, width: `${at.width}px`, height: `${at.height}px`,
      });
      button.title = button.ariaLabel = record ? `${name}: ${record}` : name;
      button.ariaPressed = String(follow.value === item);
    }
  }

  function added(item) {
    const button = document.createElement("button");
    button.type = "button";
    button.value = item;
    boxes.append(button);
    return button;
  }

  const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

  function tell() {
    const where = place.value ? textOf(place) : "All places";
    const item = follow.value;
    const record = boxes.querySelector(`[value="${item}"]`)?.ariaLabel;
    // A fifth part marks a link of places that are outside the counts.
    const here = (cases, outside) => (place.value ? cases.includes(place.value) : !outside);
    const mine = links.filter(([from, to, , cases, outside]) => (!item || [from, to].includes(item)) && here(cases, outside));
    const named = mine.filter((link) => link[2]);
    const byEvent = `${named.length} ${item ? "named with it" : "named together"} by an event`;
    const there = place.value ? ` in ${where}` : "";
    if (title) {
      title.textContent = item && !mine.length ? `${labelOf(follow, item)}${there}: nothing else is on record with it` : item
        ? `${labelOf(follow, item)}${there}: on record with ${count(mine.length - named.length, "other item")}, ${byEvent}`
        : place.value ? `${where}: ${count(mine.length - named.length, "pair")} of items on record, ${byEvent}` : whole;
    }
    if (!item || !record) {
      told.textContent = `${where}. Press a box to follow its lines.`;
      return;
    }
    if (!mine.length) {
      told.textContent = `${where}. ${record}. No line to follow: nothing else is on record with it${there}.`;
      return;
    }
    const others = named.map(([from, to]) => labelOf(follow, from === item ? to : from));
    told.textContent = `${where}. ${record}. Named with it by a dated event: ${others.join(", ") || "none"}. ` +
      `In the same place as ${count(mine.length - named.length, "other item")}.`;
  }

  function read() {
    const address = new URLSearchParams(location.search);
    for (const box of [place, follow]) {
      const value = address.get(box.name) ?? "";
      box.value = [...box.options].some((option) => option.value === value) ? value : "";
    }
    show();
  }

  function change() {
    const address = new URLSearchParams(location.search);
    for (const box of [place, follow]) {
      if (box.value) address.set(box.name, box.value);
      else address.delete(box.name);
    }
    const query = address.toString();
    if (query !== location.search.slice(1)) {
      history.pushState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
    }
    show();
  }

  function hover(item) {
    if (hovered === item) return;
    hovered = item;
    show();
  }

  form.addEventListener("change", change);
  form.addEventListener("reset", () => setTimeout(change));
  form.addEventListener("submit", (event) => event.preventDefault());
  boxes.addEventListener("click", ({ target }) => {
    follow.value = follow.value === target.value ? "" : target.value;
    hovered = "";
    change();
  });
  boxes.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") hover(event.target.value ?? "");
  });
  boxes.addEventListener("pointerout", (event) => {
    if (event.pointerType === "mouse" && !boxes.contains(event.relatedTarget)) hover("");
  });
  addEventListener("popstate", read);
  figure.addEventListener("chart-drawn", ({ detail }) => {
    chart = detail;
    figure.querySelector(".chart-filters")?.remove(); // those of the chart by itself
    view.after(boxes);
    new ResizeObserver(() => chart.runAsync().then(lay)).observe(view);
    show();
  });

  form.hidden = false;
  read();
})();
