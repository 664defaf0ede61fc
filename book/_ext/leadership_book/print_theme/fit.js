// Sets tables that are wider than the page in smaller type, turns the page for those still too wide, and breaks words
// where that is not enough: the browser would otherwise shrink the whole book until its widest table fits.
() => {
  const UPRIGHT = document.documentElement.clientWidth;
  const TURNED = (257 / 25.4) * 96; // the print area of A4 lengthwise in CSS pixels
  const counts = { small: 0, landscape: 0, broken: 0 };
  for (const table of document.querySelectorAll(".chapter table")) {
    const fits = (width) => table.scrollWidth <= width + 1 && table.getBoundingClientRect().width <= width + 1;
    const room = Math.min(UPRIGHT, table.parentElement.clientWidth || UPRIGHT);
    if (fits(room)) continue;
    table.classList.add("small");
    counts.small += 1;
    if (fits(room)) continue;
    const box = table.closest(".table-scroll, .pst-scrollable-table-container") ?? table;
    box.classList.add("landscape");
    counts.landscape += 1;
    box.style.width = `${TURNED}px`;
    table.classList.remove("small");
    table.classList.toggle("small", !fits(TURNED));
    if (!fits(TURNED)) {
      table.classList.add("broken");
      counts.broken += 1;
    }
    box.style.width = "";
  }
  return counts;
}
