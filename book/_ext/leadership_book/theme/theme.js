// Sets light or dark before the first paint: the reader's choice, else the system's.
(() => {
  "use strict";
  let chosen = null;
  try {
    chosen = localStorage.getItem("scheme");
  } catch {
    // storage is refused: follow the system
  }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
