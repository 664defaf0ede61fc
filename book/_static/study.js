// Plan a study: its standard error and the smallest effect that it could see, by the formulas of
// leadership_effects.effects.study_power, in the page and without a kernel.
(() => {
  "use strict";

  const WIDE = 600, HIGH = 200, LOWEST_TOP = 0.1;
  const WHOLE = ["treated", "untreated", "before", "after"];

  // Student's t for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), and its quantile by bisection.
  function below(t, df) {
    const angle = Math.atan2(t, Math.sqrt(df)), cos = Math.cos(angle), square = cos * cos;
    let sum = 0, term = df % 2 ? cos : 1;
    for (let k = df % 2 ? 1 : 0; k <= df - 2; k += 2) {
      sum += term;
      term *= (square * (k + 1)) / (k + 2);
    }
    const inside = df % 2 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    return 0.5 + inside / 2;
  }

  function quantile(probability, df) {
    let low = 0, high = 1;
    while (below(high, df) < probability) high *= 2;
    for (let i = 0; i < 60; i += 1) {
      const middle = (low + high) / 2;
      if (below(middle, df) < probability) low = middle; else high = middle;
    }
    return (low + high) / 2;
  }

  function firsts(study) {
    return Array.from({ length: study.treated }, (_, place) =>
      study.before + (study.inTurn ? Math.floor((study.after * place) / study.treated) : 0));
  }

  // Weights are the same for places that start together, so a start is worked out once.
  function error(study) {
    const years = study.before + study.after, counts = new Map();
    for (const first of firsts(study)) counts.set(first, (counts.get(first) ?? 0) + 1);
    const alike = Array.from({ length: years }, (_, apart) => study.autocorrelation ** apart);
    const variance = (weights) => {
      let sum = 0;
      for (let y = 0; y < years; y += 1) {
        for (let z = 0; z < years; z += 1) sum += weights[y] * alike[Math.abs(y - z)] * weights[z];
      }
      return sum * study.spread ** 2;
    };
    const mean = new Array(years).fill(0);
    let own = 0;
    for (const [first, places] of counts) {
      const weights = mean.map((_, year) => (year >= first ? 1 / (years - first) : -1 / first));
      own += (places * variance(weights)) / study.treated ** 2;
      weights.forEach((weight, year) => { mean[year] += (places * weight) / study.treated; });
    }
    return Math.sqrt(own + variance(mean) / study.untreated);
  }

  function smallestP(study) {
    let left = study.treated + study.untreated, ways = 1;
    const starts = firsts(study);
    for (const start of new Set(starts)) {
      const chosen = starts.filter((one) => one === start).length;
      for (let i = 1; i <= chosen; i += 1) ways *= (left - chosen + i) / i;
      left -= chosen;
    }
    return 1 / ways;
  }

  function start(control) {
    const form = control.querySelector("form"), fields = form.elements;
    const { studies, limit, alpha, power, most } = Object.fromEntries(
      ["studies", "limit", "alpha", "power", "most"].map((name) => [name, JSON.parse(control.dataset[name])]));
    const said = form.querySelector("[role=status]"), picture = form.querySelector("svg");
    const heights = [...form.querySelectorAll(".explore-heights span")];
    const buttons = [...form.querySelectorAll("button[data-start]")];
    const sliders = [...form.querySelectorAll("input[type=range]")];
    let named = "";

    function detectable(study) {
      const df = study.treated + study.untreated - 2;
      return (quantile(1 - alpha / 2, df) + quantile(power, df)) * error(study);
    }

    function study() {
      const own = Object.fromEntries(sliders.map((slider) => [slider.name, slider.valueAsNumber]));
      for (const name of WHOLE) own[name] = Math.round(own[name]);
      return { ...own, dose: own.dose / 100, inTurn: fields.starts.value === "in turn" };
    }

    function found(own) {
      const curve = Array.from({ length: most }, (_, n) => detectable({ ...own, treated: n + 1 }));
      const needed = curve.findIndex((one) => one - limit < 1e-9);
      const mde = curve[own.treated - 1], years = own.before + own.after;
      return {
        curve, mde, reached: mde / own.dose, needed: needed < 0 ? null : needed + 1, p: smallestP(own),
        results: (own.treated + own.untreated) * years,
        counts: firsts(own).reduce((sum, first) => sum + years - first, 0),
      };
    }

    function draw(own, curve) {
      // The axis ends where the curve begins, so that a study that sees small effects has a curve too.
      let top = LOWEST_TOP;
      while (top < curve[0]) top *= 2;
      heights.forEach((label, step) => {
        const value = top * (1 - step / (heights.length - 1));
        label.textContent = `${Math.round(value * 1000) / 1000}`;
      });
      const across = (n) => ((n / most) * WIDE).toFixed(1);
      const upright = (value) => (HIGH - (value / top) * HIGH).toFixed(1);
      const line = (kind, x1, x2, y1, y2) =>
        `<line class="${kind}" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" vector-effect="non-scaling-stroke"/>`;
      const points = curve.map((value, n) => `${across(n + 1)},${upright(value)}`).join(" ");
      const grid = heights.map((_, step) => (step / (heights.length - 1)) * HIGH);
      picture.innerHTML = grid.slice(0, -1).map((at) => line("grid", 0, WIDE, at, at)).join("") + line("limit", 0, WIDE, upright(limit), upright(limit)) +
        `<polyline class="memory" points="${points}" vector-effect="non-scaling-stroke"/>` +
        line("set", across(own.treated), across(own.treated), 0, HIGH);
    }

    const shows = (name, text) => { form.querySelector(`[data-shows="${name}"]`).textContent = text; };
    const short = (p) => (p < 0.001 ? "less than 0.001" : p.toFixed(3));

    function show() {
      const own = study(), all = found(own);
      shows("mde", all.mde.toFixed(3));
      shows("reached", all.reached.toFixed(3));
      shows("needed", all.needed === null ? `more than ${most}` : `${all.needed}`);
      shows("p", short(all.p));
      shows("results", `${all.results}`);
      shows("counts", `${all.counts}`);
      for (const slider of sliders) slider.previousElementSibling.querySelector(".explore-value").textContent = slider.value;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.start === named));
      const { curve, ...numbers } = all;
      control.dataset.found = JSON.stringify(numbers);
      draw(own, curve);
      return all;
    }

    // Told once a slider is let go, so that a screen reader is not flooded.
    function tell() {
      const all = show(), own = study();
      const seen = all.mde - limit < 1e-9
        ? `It could see ${limit}, the smallest effect of interest.`
        : `It could not see ${limit}, the smallest effect of interest; ` +
          (all.needed === null ? `no number of starting places up to ${most} would do with the rest as set.` : `with ${all.needed} starting places it could.`);
      const floor = all.p - alpha > 1e-9
        ? ` Reordering the starts cannot give a p below ${short(all.p)}: more places without a start are needed for a test at 5 per cent.`
        : "";
      said.textContent = `This study could see an effect of ${all.mde.toFixed(3)} pupil SD on a place's mean four times in five, ` +
        `${all.reached.toFixed(3)} on the pupils reached. ${seen}${floor} It takes ${all.results} yearly results ` +
        `(${own.treated + own.untreated} places, ${own.before + own.after} years), a dated start of each place, and ${all.counts} yearly counts of leaders.`;
    }

    function take(name) {
      named = name;
      for (const [field, value] of Object.entries(studies[name])) fields[field].value = value;
      tell();
    }

    form.addEventListener("input", () => { named = ""; show(); });
    form.addEventListener("change", tell);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const button of buttons) button.addEventListener("click", () => take(button.dataset.start));
    form.hidden = false;
    take(Object.keys(studies)[0]);
  }

  document.querySelectorAll(".study-control").forEach(start);
})();
