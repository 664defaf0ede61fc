// Draws a chart when it is reached. The chart library is fetched once the page is loaded and idle, so that it is there
// when a reader comes to a chart, or when one is reached, for readers who save data. Without it the pictures stay.
// The rows behind a chart are fetched when they are opened.
(() => {
  "use strict";

  const libraryUrl = new URL("vendor/vega-bundle.js", document.currentScript.src);
  const nearView = "200px 0px";
  const siteTop = "lb:/"; // how links of rows are written
  let library;

  function loadLibrary() {
    library ??= import(libraryUrl.href);
    library.catch(() => { library = undefined; });
    return library;
  }

  function fetchWhenIdle() {
    if (navigator.connection?.saveData) return;
    const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 500));
    idle(() => loadLibrary().catch(() => {}));
  }

  const viewOf = (figure) => figure.querySelector(".chart-view");

  const pathToTop = (figure) => figure.dataset.spec.replace(/figures\/[^/]*$/, "");

  const shownPicture = (view) => [...view.querySelectorAll(".chart-still svg")].find((svg) => svg.clientWidth);

  // A chart is drawn as if text had its usual size and enlarged as a whole, so that its words grow with the reader's setting
  // and its layout is that of a narrower page; no narrower than a phone, whose pictures would have no room beside their labels.
  const usualText = 16;
  const narrowest = 300;

  function enlargement(view) {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize) / usualText;
    return Math.min(size, Math.max(1, view.clientWidth / narrowest));
  }

  const widthToDraw = (view) => Math.floor(view.clientWidth / enlargement(view));

  // A picture scaled down to its box is lower than the chart drawn there: hold the chart's height from the start.
  function reserveHeight(figure) {
    const view = viewOf(figure);
    const drawn = shownPicture(view)?.viewBox.baseVal?.height ?? 0;
    view.style.minHeight = `${Math.ceil(drawn * enlargement(view))}px`;
  }

  async function draw(figure) {
    const view = viewOf(figure);
    const canvas = document.createElement("div");
    canvas.className = "chart-live";
    const filters = document.createElement("form");
    filters.className = "chart-filters";
    try {
      const [answer, { vegaEmbed }] = await Promise.all([fetch(figure.dataset.spec), loadLibrary()]);
      if (!answer.ok) throw new Error(String(answer.status));
      view.append(canvas);
      const spec = (await answer.text()).replaceAll(`"${siteTop}`, `"${pathToTop(figure)}`);
      const chart = JSON.parse(spec);
      if (chart.width === "container") chart.width = widthToDraw(view);
      const drawn = await vegaEmbed(canvas, chart, {
        mode: "vega-lite",
        renderer: "svg",
        actions: false,
        ast: true, // no eval: the page's policy forbids it
        defaultStyle: false,
        tooltip: { disableDefaultStyle: true },
        logLevel: 0,
        bind: filters,
      });
      canvas.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the figure's description speaks for it
      canvas.classList.add("chart-ready");
      view.replaceChildren(canvas);
      if (filters.childElementCount) view.after(filters); // beside the picture: what lies inside it is hidden from readers
      followWidth(view, drawn.view);
      figure.dataset.drawn = "true";
      figure.dispatchEvent(new CustomEvent("chart-drawn", { detail: drawn.view })); // for a page that adds to its chart
    } catch {
      canvas.remove();
      figure.dataset.drawn = "static";
    }
  }

  // Follow the box, which changes with the window and with the size of text.
  function followWidth(box, chart) {
    let width = widthToDraw(box);
    new ResizeObserver(() => {
      const wanted = widthToDraw(box);
      if (wanted === 0 || (wanted === width && chart.signal("width") === width)) return;
      width = wanted;
      chart.signal("width", width).runAsync();
    }).observe(box);
  }

  const figures = document.querySelectorAll("figure.chart");
  if (location.protocol === "file:") {
    figures.forEach((figure) => { figure.dataset.drawn = "static"; }); // browsers refuse modules from files
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
  // The rows behind a chart come with its fold. Where they do not, the link leads to them.
  async function showRows(link) {
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(String(answer.status));
      const held = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("rows");
      for (const lead of held.querySelectorAll("a[href]")) lead.href = new URL(lead.getAttribute("href"), answer.url);
      link.parentElement.replaceWith(...held.childNodes);
    } catch {
      // the link stays
    }
  }

  // A picture in a closed fold has no size; a toggle does not bubble.
  addEventListener("toggle", ({ target }) => {
    if (target.matches?.(".chart-data[open]")) target.querySelectorAll(".chart-rows > a").forEach(showRows);
    target.querySelectorAll?.("figure.chart:not([data-drawn])").forEach(reserveHeight);
  }, true);
  if (document.readyState === "complete") fetchWhenIdle();
  else addEventListener("load", fetchWhenIdle);
})();
