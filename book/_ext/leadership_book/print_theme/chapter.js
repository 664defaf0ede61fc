// Parses a chapter as a browser does, leaves out what only a screen can use, gives every anchor its chapter's name,
// and returns the chapter as well-formed XHTML with what it holds. Runs at build time; no reader is sent it.
({ html, page, slugs }) => {
  const LEFT_OUT = `script, template, form, button, input, select, dialog, menu, iframe, audio, video, [hidden],
    details.chart-data, .cell-code, .code-switch, .chart-still.w340, .cell_input, .headerlink, .toctree-wrapper, .screen-only`;
  const SITE = "https://book.invalid/";
  const body = new DOMParser().parseFromString(html, "text/html").body;
  const slug = slugs[page];
  const all = (selector) => [...body.querySelectorAll(selector)];
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const named = (id, chapter = slug) => `${chapter}--${id}`;

  const unwrap = (element, classes) => {
    const span = document.createElement("span");
    span.className = classes;
    span.textContent = element.textContent;
    element.replaceWith(span);
  };

  const redirect = (link) => {
    const address = new URL(link.getAttribute("href"), `${SITE}${page}.html`);
    const text = words(link);
    if (!address.href.startsWith(SITE)) {
      link.setAttribute("href", address.href.replaceAll("&amp;", "&"));  // MyST escapes it once too often
      link.className = text.replace(/\/$/, "") === address.href.replace(/\/$/, "") ? "external bare" : "external";
      return;
    }
    const target = slugs[decodeURIComponent(address.pathname).slice(1).replace(/\.html$/, "")];
    if (!target) unwrap(link, "");
    else if (address.hash.length > 1) {
      link.setAttribute("href", `${target}.xhtml#${named(decodeURIComponent(address.hash.slice(1)), target)}`);
    } else link.setAttribute("href", `${target}.xhtml`);
  };

  all(LEFT_OUT).forEach((element) => element.remove());
  all("details").forEach((element) => element.setAttribute("open", ""));
  all(".num").forEach((element) => unwrap(element, "num"));
  all("[tabindex], [data-spec], [data-drawn]").forEach((element) =>
    ["tabindex", "data-spec", "data-drawn"].forEach((name) => element.removeAttribute(name)));
  all("a:not([href])").forEach((element) => !element.id && unwrap(element, element.className));
  all("a[href]").forEach(redirect);

  // On a narrow reader a wide table is read row by row: each cell then needs the name of its column.
  for (const table of all("table")) {
    const columns = [...table.querySelectorAll("thead tr:last-child th")].map(words);
    if (columns.length < 4) continue;
    table.classList.add("records");
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.children].forEach((cell, place) => columns[place] && cell.setAttribute("data-column", columns[place]));
    }
  }

  const inPicture = (element) => element.closest("svg") !== null;
  const figures = all("figure[id]").filter((figure) => figure.querySelector("svg, img")).map((figure) => figure.id);
  all("[id]").filter((element) => !inPicture(element)).forEach((element) => (element.id = named(element.id)));
  for (const attribute of ["aria-labelledby", "aria-describedby", "headers", "for"]) {
    all(`[${attribute}]`).filter((element) => !inPicture(element)).forEach((element) => element.setAttribute(
      attribute, element.getAttribute(attribute).trim().split(/\s+/).map((id) => named(id)).join(" ")));
  }

  const pictures = all("img[src]").filter((picture) => !picture.getAttribute("src").startsWith("data:"));
  const images = pictures.map((picture) => {
    const path = decodeURIComponent(new URL(picture.getAttribute("src"), `${SITE}${page}.html`).pathname).slice(1);
    picture.setAttribute("src", `images/${path.split("/").pop()}`);
    return path;
  });

  const headings = all("h2").map((heading) => ({
    id: heading.id || heading.closest("section[id], div.section[id]")?.id || "", title: words(heading),
  }));
  const title = words(body.querySelector("h1") ?? body);
  const holds = (selector) => body.querySelector(selector) !== null;
  const serializer = new XMLSerializer();
  return {
    slug, title, figures, images,
    sections: headings.filter((heading) => heading.id),
    numbers: all("span.num").map(words),
    text: words(body),
    properties: [holds("math") && "mathml", holds("svg") && "svg"].filter(Boolean),
    body: [...body.childNodes].map((node) => serializer.serializeToString(node)).join(""),
  };
}
