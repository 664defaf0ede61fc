// Unfolds what a link, a search or the printer asks for; without it a fold is opened by hand.
(() => {
  "use strict";

  const folds = [...document.querySelectorAll("main details.fold")];

  function reveal(hash) {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const closed = [];
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      if (!fold.open) closed.push(fold);
    }
    for (const fold of closed) fold.open = true;
    if (closed.length) target.scrollIntoView({ behavior: "instant" });
  }

  addEventListener("hashchange", () => reveal(location.hash));
  // A link to where the reader is already changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='#']");
    if (link && link.hash === location.hash && link.pathname === location.pathname) reveal(link.hash);
  });
  reveal(location.hash);

  const button = document.getElementById("unfold");
  const label = () => {
    button.textContent = folds.every((fold) => fold.open) ? "Close all of it" : "Open all of it";
  };
  if (button) {
    button.hidden = !folds.length;
    button.addEventListener("click", () => {
      const open = !folds.every((fold) => fold.open);
      for (const fold of folds) fold.open = open;
      label();
    });
    for (const fold of folds) fold.addEventListener("toggle", label);
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });
})();
