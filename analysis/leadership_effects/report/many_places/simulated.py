"""Record and draw simulated size, power and gain from doses on the shape of a design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from leadership_effects.data.sweeps import Sweep, SweepError, read_sweep
from leadership_effects.report.charts.simulation import rates
from leadership_effects.report.figures import Figure
from leadership_effects.report.many_places.variants import Variants
from leadership_effects.report.numbers import COUNT, PER_CENT, RATIO, format_number
from leadership_effects.report.tables import Table
from leadership_effects.simulation import staggered_dose, staggered_size
from leadership_effects.simulation.staggered_dose import run_dose
from leadership_effects.simulation.staggered_size import size_rows

SIZE, DOSE = staggered_size.SWEEPS[0], staggered_dose.SWEEPS[0]
SETTINGS = {"equal": "one effect", "unequal": "unequal effects", "correlated": "correlated errors"}
DRAWN = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
DOSES = {
    "since start": "grows by the same with every wave",
    "random by place": "differs between places",
    "random by place and wave": "differs between places and waves",
}

NOT_SIMULATED = (
    "How often the test finds a change that is not there has not been simulated on the shape of this design: "
    "the sizes that the plan simulates are in pupil standard deviations, which its outcome has not."
)


@dataclass
class Simulated(Variants):
    """A design with what was simulated on its shape."""

    def __post_init__(self) -> None:
        """Refuse a design added later whose simulations are not locked.

        Its estimate would else be seen before it is known how often the test errs.

        Raises
        ------
        SweepError
            With the command that runs them.
        """
        if not (self.design.dated and self.design.judged):
            return
        sweeps = staggered_dose.sweeps_of(self.design.name)
        try:
            for sweep in sweeps:
                read_sweep(sweep, self.release)
        except SweepError as error:
            raise SweepError(
                f"{self.design.name}: simulate before the estimate is seen: nox -s simulations -- "
                f"{' '.join(one.name for one in sweeps)} --release {self.release.name}. {error}"
            ) from None

    def _rows(self, shared: Sweep, own: Callable[[str], Sweep]) -> pd.DataFrame | None:
        """Return the rows of a sweep, None without a pupil SD.

        A design that was added later has a sweep of its own.
        """
        if not self.design.judged:
            return None
        frame = read_sweep(own(self.design.name) if self.design.dated else shared, self.release)
        return frame[frame["design"] == self.design.name]

    @cached_property
    def simulated_sizes(self) -> pd.DataFrame | None:
        """Return the simulated sizes; None where the outcome has no pupil standard deviation."""
        return self._rows(SIZE, staggered_size.size_sweep)

    def size(self) -> Table:
        """Record and show how often tests reject a true zero and rule out an effect of interest.

        Rates are given by where starts come from.

        Keys, with ``plain`` and ``adjusted`` for the test: ``size.<test>`` where starts are as by chance, ``.worst`` over all
        settings, ``.covers``, the least share of 90 per cent sets that hold the effect; ``size.<test>.ruled_out`` and
        ``.falsely``, how often an effect of interest is ruled out if the true one is zero, and if it is that large;
        ``.power_<effect>``; ``size.panels``.
        """
        if self.simulated_sizes is None:
            return Table(pd.DataFrame(), "Simulated size", empty=NOT_SIMULATED)
        rows = size_rows(self.simulated_sizes)
        self._sizes = rows
        record = self.numbers("size", size_rows)
        record("panels", int(rows["panels"].iloc[0]), COUNT, "Simulated panels behind each share.")
        chance = rows[(rows["setting"] == "equal") & (rows["level"] == 0) & (rows["trend"] == 0)]
        share = PER_CENT.to(1)
        for test, own in rows.groupby("test"):
            words = f"{test} test"
            none, base = own[own["effect"] == 0], chance[chance["test"] == test].set_index("effect")
            record(
                test,
                100 * base.loc[0.0, "reject"],
                share,
                f"True zeros rejected at 5 per cent, {words}, starts as by chance.",
            )
            record = self.numbers("size", size_rows)
            inner = self.numbers(f"size.{test}", size_rows)
            inner(
                "error",
                100 * base.loc[0.0, "reject_error"],
                share,
                f"Monte Carlo error of that share, {words}.",
            )
            inner(
                "worst",
                100 * none["reject"].max(),
                share,
                f"Largest share of true zeros rejected over all settings, {words}.",
            )
            inner("covers", 100 * own["covers"].min(), share, f"Smallest share of 90 per cent sets that hold the effect, over all settings, {words}.")  # fmt: skip
            inner("ruled_out", 100 * base.loc[0.0, "ruled_out"], share, f"True zeros of which an effect of interest is ruled out, {words}.")  # fmt: skip
            held = own[np.isclose(own["effect"], self.interest.smallest)]
            inner("falsely", 100 * held["ruled_out"].max(), share, f"Largest share in which an effect of interest that is there is ruled out, {words}.")  # fmt: skip
            for effect in (self.interest.smallest, 2 * self.interest.smallest):
                found = base[np.isclose(base.index.to_numpy(float), effect)]
                name = f"power_{effect:.2f}".replace("0.", "")
                inner(
                    name,
                    100 * float(found["reject"].iloc[0]),
                    share,
                    f"An effect of {effect:.2f} found at 5 per cent, {words}.",
                )
        table = rows[rows["effect"] == 0].pivot(index=["setting", "level", "trend"], columns="test")
        shown = pd.DataFrame(
            {
                "setting": [SETTINGS[str(setting)] for setting, _, _ in table.index],
                "starts lower in level, SD": [f"{level:g}" for _, level, _ in table.index],
                "in earlier trend, SD": [f"{trend:g}" for _, _, trend in table.index],
            }
        )
        for test in ("plain", "adjusted"):
            for name, words in (("reject", "zero rejected"), ("ruled_out", "ruled out")):
                shown[f"{test}: {words}, %"] = [format_number(100 * v, 1) for v in table[name, test]]
        return Table(shown, "Simulated on the design's own shape, where the true effect is zero")

    def size_chart(self, caption: str) -> Figure | Table:
        """Draw how often a true zero is rejected by where starts come from, of `size`.

        Drawn are the settings of `DRAWN` and, for each test, the one that it does worst in.
        """
        if self.simulated_sizes is None:
            return Table(
                pd.DataFrame(), "Simulated size", empty="Nothing was simulated, so no chart shows it."
            )
        rows = self._sizes[self._sizes["effect"] == 0]
        where = ["setting", "level", "trend"]
        worst = rows.loc[rows.groupby("test")["reject"].idxmax(), where].apply(tuple, axis=1)
        chosen = [
            (level, trend) in DRAWN or (setting, level, trend) in set(worst)
            for setting, level, trend in rows[where].itertuples(index=False)
        ]
        rows = rows[chosen].assign(order=lambda f: f["setting"].map(list(SETTINGS).index))
        rows = rows.sort_values(["order", "level", "trend"], kind="stable")
        labels = [
            f"{SETTINGS[row.setting]}|" + ("starts as by chance" if not row.level and not row.trend else _lower(row.level, row.trend))
            for row in rows.itertuples()
        ]  # fmt: skip
        reach = 196 * rows["reject_error"].fillna(0)
        frame = pd.DataFrame(
            {
                "label": labels, "kind": rows["test"].to_numpy(), "rate": 100 * rows["reject"].to_numpy(),
                "low": np.maximum(100 * rows["reject"] - reach, 0).to_numpy(),
                "high": np.minimum(100 * rows["reject"] + reach, 100).to_numpy(), "target": 5.0,
            }
        )  # fmt: skip
        says = "Worst rates: " + "; ".join(
            f"{kind} {format_number(own['rate'].max(), 1)} per cent" for kind, own in frame.groupby("kind")
        )
        chart = rates(frame, "true zeros rejected, per cent")
        worst = frame.groupby("kind", sort=False)["rate"].max()
        title = "A true zero is rejected at worst in " + " and ".join(
            f"{format_number(rate, 1)} per cent ({kind})" for kind, rate in worst.items()
        )  # fmt: skip
        return self.show("size", chart, title=title, what="Simulated panels in which a true zero is rejected, per cent", caption=caption, says=f"{says}.", data=frame.assign(label=frame["label"].str.replace("|", ", ")))  # fmt: skip

    def dose_simulated(self) -> Table:
        """Record and show how far the detectable effect would fall if doses were known.

        Keys: ``dose.ratio.<kind>`` of the adjusted test, the detectable effect with known doses over that without.
        """
        rows = self._rows(DOSE, staggered_dose.dose_sweep)
        if rows is None:
            return Table(
                pd.DataFrame(), "Known doses", empty="What known doses would add has not been simulated."
            )
        record = self.numbers("dose.ratio", run_dose)
        shown = []
        for row in rows[rows["test"] == "adjusted"].itertuples():
            key = str(row.dose).replace(" ", "_")
            record(
                key,
                row.ratio,
                RATIO.to(2),
                f"Detectable mean effect with known doses over that without, dose {row.dose}.",
            )
            shown.append(
                {
                    "dose": DOSES[str(row.dose)],
                    "detectable, starts alone": self.unit.as_level().format(float(row.unknown)),
                    "detectable, doses known": self.unit.as_level().format(float(row.known)),
                    "ratio": format_number(float(row.ratio), 2),
                }
            )
        return Table(pd.DataFrame(shown), "What known doses would add, simulated")


def _lower(level: float, trend: float) -> str:
    names = [f"{name} {value:g}" for name, value in (("level", level), ("trend", trend)) if value]
    return f"{' and '.join(names)} SD lower"
