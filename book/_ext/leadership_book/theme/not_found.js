// Looks for the top of the site above an address that does not exist, and leads the links of this page there.
(async () => {
  "use strict";
  const script = "_static/book.js";
  let folder = new URL(".", location.href);
  const isTop = async () => {
    const answer = await fetch(new URL(script, folder), { method: "HEAD" }).catch(() => null);
    return answer?.ok && /javascript/.test(answer.headers.get("content-type") ?? "");
  };
  const read = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  while (!(await isTop())) {
    if (folder.pathname === "/") return;
    folder = new URL("..", folder);
  }
  await read;
  const found = new URL(script, folder).href;
  for (const name of ["href", "action"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const value = element.getAttribute(name);
      if (!/^([a-z]+:|[#/])/i.test(value)) element.setAttribute(name, new URL(value, folder).href);
    }
  }
  if (document.querySelector("script[src]").src !== found) {
    document.head.append(Object.assign(document.createElement("script"), { src: found }));
  }
  document.documentElement.dataset.top = folder.href;
})();
