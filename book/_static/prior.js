// A reader sets a belief about the mean effect on a system and sees what evidence makes of it: the closed form of the
// normal-normal model, as in leadership_effects.synthesis.prior, in the page and without a kernel.
(() => {
  "use strict";

  const Z95 = 1.959963984540054;
  const LEFT = -0.2, RIGHT = 0.4, WIDE = 600, HIGH = 170, FOOT = 8;

  // Normal distribution function by its series (Marsaglia 2004, JSS 11(4)), exact to the last digits within 8 SD.
  function normal(z) {
    if (z < -8) return 0;
    if (z > 8) return 1;
    let sum = z, term = z;
    for (let i = 3; sum + term !== sum; i += 2) sum += term = (term * z * z) / i;
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  function update(prior, evidence) {
    const before = 1 / prior.sd ** 2, seen = 1 / evidence.se ** 2;
    return {
      mean: (before * prior.mean + seen * evidence.estimate) / (before + seen),
      sd: 1 / Math.sqrt(before + seen),
    };
  }

  const above = (belief, limit) => normal((belief.mean - limit) / belief.sd);

  function signed(value, digits) {
    const text = Math.abs(value).toFixed(digits);
    return (Number(text) === 0 ? "" : value < 0 ? "\u2212" : "+") + text;
  }

  const interval = (belief) =>
    [-1, 1].map((side) => signed(belief.mean + side * Z95 * belief.sd, 3)).join(" to ");

  function curve(belief, tallest) {
    const points = [];
    for (let i = 0; i <= 200; i += 1) {
      const at = LEFT + (i / 200) * (RIGHT - LEFT);
      const z = (at - belief.mean) / belief.sd;
      const height = Math.exp(-z * z / 2) / belief.sd / tallest;
      points.push(`${((i / 200) * WIDE).toFixed(1)},${(HIGH - FOOT - height * (HIGH - 2 * FOOT)).toFixed(1)}`);
    }
    return points.join(" ");
  }

  function start(control) {
    const form = control.querySelector("form");
    const priors = JSON.parse(control.dataset.priors);
    const evidence = JSON.parse(control.dataset.evidence);
    const limit = Number(control.dataset.limit);
    const { mean, sd, effect, share, evidence: choice } = form.elements;
    const picture = form.querySelector("svg");
    const said = form.querySelector("[role=status]");
    const buttons = [...form.querySelectorAll("button[data-prior]")];
    let belief = {}, named = "";

    const shows = (name, text) => { form.querySelector(`[data-shows="${name}"]`).textContent = text; };

    function line(kind, x) {
      return `<line class="${kind}" x1="${x}" x2="${x}" y1="0" y2="${HIGH - FOOT}" vector-effect="non-scaling-stroke"/>`;
    }

    function show() {
      const seen = evidence[choice.value];
      const after = update(belief, seen);
      const tallest = Math.max(1 / belief.sd, 1 / after.sd);
      const place = (at) => (((at - LEFT) / (RIGHT - LEFT)) * WIDE).toFixed(1);
      for (const [stage, one] of [["before", belief], ["after", after]]) {
        shows(`${stage}-mean`, signed(one.mean, 3));
        shows(`${stage}-interval`, interval(one));
        shows(`${stage}-above`, above(one, limit).toFixed(3));
      }
      picture.innerHTML = line("zero", place(0)) + line("limit", place(limit)) + [["before", belief], ["after", after]]
        .map(([stage, one]) => `<polyline class="${stage}" points="${curve(one, tallest)}" vector-effect="non-scaling-stroke"/>`)
        .join("");
      for (const slider of [mean, sd, effect, share]) {
        const exact = { mean: belief.mean, sd: belief.sd, effect: belief.effect, share: 100 * belief.share }[slider.name];
        const text = slider === share ? `${exact.toFixed(1)}` : slider === mean ? signed(exact, 3) : exact.toFixed(3);
        slider.previousElementSibling.querySelector(".prior-value").textContent = text;
        slider.setAttribute("aria-valuetext", text);
      }
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.prior === named));
      control.dataset.after = JSON.stringify({ ...after, above: above(after, limit) });
      return after;
    }

    // Told once a slider is let go, so that a screen reader is not flooded.
    function tell() {
      const after = show();
      said.textContent = `After ${evidence[choice.value].label} your belief is ${signed(after.mean, 3)} pupil SD, ` +
        `95 % from ${interval(after)}. Probability of more than ${limit}: ${above(after, limit).toFixed(3)}.`;
    }

    function take(name) {
      named = name;
      belief = { effect: 0.15, share: 1 / 3, ...priors[name] };
      mean.value = belief.mean;
      sd.value = belief.sd;
      effect.value = belief.effect;
      share.value = 100 * belief.share;
      tell();
    }

    form.addEventListener("input", (event) => {
      const moved = event.target;
      if (moved === choice) return;
      named = "";
      if (moved === mean) belief.mean = mean.valueAsNumber;
      if (moved === sd) belief.sd = sd.valueAsNumber;
      if (moved === effect) belief.effect = effect.valueAsNumber;
      if (moved === share) belief.share = share.valueAsNumber / 100;
      if (moved === effect || moved === share) {
        belief.mean = belief.effect * belief.share;
        mean.value = belief.mean;
      }
      show();
    });
    form.addEventListener("change", tell);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const button of buttons) button.addEventListener("click", () => take(button.dataset.prior));

    form.hidden = false;
    take("neutral" in priors ? "neutral" : Object.keys(priors)[0]);
  }

  document.querySelectorAll(".prior-control").forEach(start);
})();
