// How many leaders does it take? The mean-field recursions of leadership_effects.simulation.mean_field, in the page and
// without a kernel: networks and the order in which people become committed come with the page, and nothing is drawn.
(() => {
  "use strict";

  const PEOPLE = 100, ROUNDS = 400, SETTLED = 1e-10, STEP = 0.1, MOST = 60;
  const WIDE = 600, HIGH = 200;
  const MODELS = ["memory", "thresholds", "naming"];

  // Normal distribution function by its series (Marsaglia 2004, JSS 11(4)), exact to the last digits within 8 SD.
  function normal(z) {
    if (z < -8) return 0;
    if (z > 8) return 1;
    let sum = z, term = z;
    for (let i = 3; sum + term !== sum; i += 2) sum += term = (term * z * z) / i;
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  // Chance that most of the remembered meetings were new: upper half of a binomial of 2h - 1, ties of 2h by a coin.
  function majority(memory) {
    const half = Math.floor((memory + 1) / 2), meetings = 2 * half - 1;
    let ways = 1;
    for (let i = 1; i <= half; i += 1) ways *= (meetings - half + i) / i;
    return (chance) => {
      if (chance <= 0) return 0;
      if (chance >= 1) return 1;
      if (chance > 0.5) return 1 - upper(1 - chance);
      return upper(chance);
    };
    function upper(chance) {
      const odds = chance / (1 - chance);
      let term = ways * chance ** half * (1 - chance) ** (meetings - half), sum = 0;
      for (let i = half; i <= meetings; i += 1) {
        sum += term;
        term *= (odds * (meetings - i)) / (i + 1);
      }
      return sum;
    }
  }

  // Share of the uncommitted that follow in the end, nobody following at the start.
  function follow(network, share, response) {
    const fixed = new Uint8Array(PEOPLE);
    for (const person of network.order.slice(0, share)) fixed[person] = 1;
    let now = Float64Array.from(fixed), then = new Float64Array(PEOPLE);
    for (let round = 0; round < ROUNDS; round += 1) {
      const everyone = network.ties.length ? 0 : response(now.reduce((sum, one) => sum + one, 0) / PEOPLE);
      let moved = 0;
      for (let i = 0; i < PEOPLE; i += 1) {
        if (fixed[i]) then[i] = 1;
        else if (!network.ties.length) then[i] = everyone;
        else {
          const met = network.ties[i];
          let sum = 0;
          for (const other of met) sum += now[other];
          then[i] = response(met.length ? sum / met.length : 0);
        }
        moved = Math.max(moved, Math.abs(then[i] - now[i]));
      }
      [now, then] = [then, now];
      if (moved < SETTLED) break;
    }
    return (now.reduce((sum, one) => sum + one, 0) - share) / (PEOPLE - share);
  }

  function naming(share) {
    let old = 1 - share, fresh = 0;
    for (let i = 0; i < Math.round(ROUNDS / STEP); i += 1) {
      const both = 1 - share - old - fresh;
      const moreOld = -old * fresh + both * both + both * old - share * old;
      const moreFresh = -old * fresh + both * both + both * fresh + 1.5 * share * both;
      old += STEP * moreOld;
      fresh += STEP * moreFresh;
      if (Math.abs(moreOld) < SETTLED && Math.abs(moreFresh) < SETTLED) break;
    }
    return fresh / (1 - share);
  }

  const above = (followed) => followed - 0.5 > 1e-9;

  // Smallest share at which most others follow: not before followers and committed are half of all, found by bisection.
  function tippingShare(solve) {
    let low = -1, high = MOST + 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (middle + (PEOPLE - middle) * solve(middle) > PEOPLE / 2) high = middle; else low = middle;
    }
    while (high <= MOST && !above(solve(high))) high += 1;
    return high <= MOST ? high : null;
  }

  function start(control) {
    const form = control.querySelector("form");
    const networks = JSON.parse(control.dataset.networks), first = JSON.parse(control.dataset.first);
    const { share, memory, network, mean, spread } = form.elements;
    const said = form.querySelector("[role=status]"), picture = form.querySelector("svg");
    let lines = "", waiting = 0;

    function solver(model) {
      if (model === "naming") return network.value === "complete" ? (at) => naming(at / 100) : null;
      const centre = mean.valueAsNumber / 100, wide = spread.valueAsNumber / 100;
      const response = model === "memory" ? majority(memory.valueAsNumber) : (met) => normal((met - centre) / wide);
      return (at) => follow(networks[network.value], at, response);
    }

    function found() {
      return Object.fromEntries(MODELS.map((model) => {
        const solve = solver(model);
        return [model, solve && { followed: solve(share.valueAsNumber), from: tippingShare(solve) }];
      }));
    }

    const upright = (at) => (HIGH - at * HIGH).toFixed(1);
    const across = (at) => ((at / MOST) * WIDE).toFixed(1);

    const line = (kind, x1, x2, y1, y2) =>
      `<line class="${kind}" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" vector-effect="non-scaling-stroke"/>`;

    function draw() {
      const at = across(share.valueAsNumber);
      const grid = [0.25, 0.75, 1].map((height) => line("grid", 0, WIDE, upright(height), upright(height))).join("");
      picture.innerHTML = grid + line("half", 0, WIDE, upright(0.5), upright(0.5)) + lines + line("set", at, at, 0, HIGH);
    }

    // A curve takes as many solutions as there are shares: it is drawn again once nothing has moved for a moment.
    function drawCurves() {
      lines = MODELS.map((model) => {
        const solve = solver(model);
        if (!solve) return "";
        const points = Array.from({ length: MOST + 1 }, (_, at) => `${across(at)},${upright(solve(at))}`).join(" ");
        return `<polyline class="${model}" points="${points}" vector-effect="non-scaling-stroke"/>`;
      }).join("");
      draw();
    }

    const shows = (name, text) => { form.querySelector(`[data-shows="${name}"]`).textContent = text; };

    function show() {
      const all = found();
      for (const model of MODELS) {
        const one = all[model];
        shows(`${model}-followed`, one ? `${(100 * one.followed).toFixed(1)}: ${above(one.followed) ? "it tips" : "it does not tip"}` : "not defined");
        shows(`${model}-from`, one ? (one.from === null ? `more than ${MOST}` : `${one.from}`) : "not defined");
      }
      for (const slider of [share, memory, mean, spread]) {
        slider.previousElementSibling.querySelector(".explore-value").textContent = slider.value;
      }
      control.dataset.found = JSON.stringify(all);
      draw();
      return all;
    }

    // Told once a slider is let go, so that a screen reader is not flooded.
    function tell() {
      const all = show();
      const words = { memory: "the convention with memory", thresholds: "the model of thresholds", naming: "the naming game" };
      const parts = MODELS.filter((model) => all[model]).map((model) => {
        const { followed, from } = all[model];
        const limit = from === null ? `it does not up to ${MOST}` : `it does from ${from}`;
        return `${words[model]} ${above(followed) ? "tips" : "does not tip"}: ${(100 * followed).toFixed(0)} per cent of the others follow (${limit})`;
      });
      const text = `With ${share.value} of a hundred committed, ${parts.join("; ")}.`;
      said.textContent = network.value === "complete" ? text : `${text} The naming game is defined only where everyone meets everyone.`;
    }

    form.addEventListener("input", (event) => {
      show();
      if (event.target === share) return;
      clearTimeout(waiting);
      waiting = setTimeout(drawCurves, 150);
    });
    form.addEventListener("change", tell);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const [name, value] of Object.entries(first)) form.elements[name].value = value;
    form.hidden = false;
    drawCurves();
    tell();
  }

  document.querySelectorAll(".tipping-control").forEach(start);
})();
