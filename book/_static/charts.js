// Draws the charts of a page when they come near the view. Without it, or when the
// chart library does not load, the static pictures stay.
(() => {
  "use strict";

  const libraryUrl = new URL("vendor/vega-bundle.js", document.currentScript.src);
  const nearView = "400px 0px";
  let library;

  const loadLibrary = () => (library ??= import(libraryUrl.href));

  const viewOf = (figure) => figure.querySelector(".chart-view");

  const keepStatic = (figure) => {
    viewOf(figure).style.minHeight = "";
    figure.dataset.drawn = "static";
  };

  // The picture shrinks with the page, the drawn chart keeps its height: hold the larger one.
  function reserveHeight(figure) {
    const view = viewOf(figure);
    const drawn = view.querySelector("svg")?.viewBox.baseVal?.height ?? 0;
    view.style.minHeight = `${Math.ceil(Math.max(view.offsetHeight, drawn))}px`;
  }

  async function draw(figure) {
    const view = viewOf(figure);
    const canvas = document.createElement("div");
    canvas.className = "chart-live";
    const filters = document.createElement("form");
    filters.className = "chart-filters";
    try {
      const spec = JSON.parse(document.getElementById(view.dataset.spec).textContent);
      const { vegaEmbed } = await loadLibrary();
      view.append(canvas);
      const drawn = await vegaEmbed(canvas, spec, {
        mode: "vega-lite",
        renderer: "svg",
        actions: false,
        logLevel: 0,
        bind: filters,
      });
      canvas.classList.add("chart-ready");
      view.replaceChildren(canvas);
      if (filters.childElementCount) view.after(filters); // beside the picture: what lies inside it is hidden from readers
      followWidth(view, drawn.view);
      figure.dataset.drawn = "true";
    } catch {
      canvas.remove();
      keepStatic(figure);
    }
  }

  // Vega measures its box on the window's resize, at times before the page has settled.
  function followWidth(box, chart) {
    let width = box.clientWidth;
    new ResizeObserver(() => {
      if (box.clientWidth === 0 || (box.clientWidth === width && chart.signal("width") === width)) return;
      width = box.clientWidth;
      chart.signal("width", width).runAsync();
    }).observe(box);
  }

  function start() {
    const figures = document.querySelectorAll("figure.chart");
    if (location.protocol === "file:") {
      figures.forEach(keepStatic); // browsers refuse modules from files
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          observer.unobserve(target);
          draw(target);
        }
      },
      { rootMargin: nearView },
    );
    figures.forEach((figure) => {
      reserveHeight(figure);
      observer.observe(figure);
    });
  }

  start();
})();
