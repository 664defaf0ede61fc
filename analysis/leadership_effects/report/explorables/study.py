"""Show the form that plans a study: what it could see, and the data it takes.

Its arithmetic is that of `effects.study_power`, written again in ``book/_static/study.js``. Without JavaScript the form stays
hidden and the table of a few studies stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadership_effects.effects import study_power
from leadership_effects.effects.study_power import ALPHA, LIMITS, MOST_TREATED, POWER, Study
from leadership_effects.report.explorables.form import (
    Slider,
    carried,
    control,
    figures,
    group,
    picture,
    select,
    starts,
)
from leadership_effects.report.numbers import significant
from leadership_effects.report.tables import html_table

ARITHMETIC = study_power.__file__  # a page that holds the form is made anew when it changes
STUDIES = {
    "One place": Study(1, 19, 5, 5, 0.1, 0.5, 1.0),
    "Five places at once": Study(5, 20, 5, 5, 0.1, 0.5, 1.0),
    "Twelve places in turn": Study(12, 24, 6, 6, 0.1, 0.5, 1.0, True),
    "Thirty districts in turn": Study(30, 60, 8, 8, 0.05, 0.5, 0.3, True),
}
WORDS = {
    "treated": ("Places that start", 1, ""),
    "untreated": ("Places that do not, measured alike", 1, ""),
    "before": ("Years with results before the first start", 1, ""),
    "after": ("Years with results from the first start on", 1, ""),
    "spread": ("Spread of a place's yearly results", 0.005, "pupil SD"),
    "autocorrelation": ("How alike two years in a row are: autocorrelation", 0.05, ""),
    "dose": ("Dose: share of a place's pupils reached", 1, "per cent"),
}
PERCENT = 100
SLIDERS = {
    name: Slider(name, label, LIMITS[name][0] * scale, LIMITS[name][1] * scale, step, unit)
    for name, (label, step, unit) in WORDS.items()
    for scale in [PERCENT if name == "dose" else 1]
}
TURNS = {"at once": "All in the same year", "in turn": "One after another, over the years after"}
HEIGHTS, PLACES = 5, 4  # labels up, which the page fills, and steps across
NAME = "Plan a study"
CAPTION = "What four studies could see, in pupil standard deviations"


def settings(study: Study) -> dict[str, Any]:
    """Return the fields of the form that make a study."""
    values = {name: significant(getattr(study, name)) for name in WORDS}
    return values | {
        "dose": significant(100 * study.dose),
        "starts": "in turn" if study.in_turn else "at once",
    }


@dataclass(frozen=True)
class StudyControl:
    """Form in which a partner plans a study, with a table of a few studies below it.

    Attributes
    ----------
    limit : float
        Smallest effect of interest on the mean of a system, in pupil standard deviations.
    """

    limit: float

    def table(self) -> pd.DataFrame:
        """Tabulate the named studies and what each could see."""
        lines = []
        for name, study in STUDIES.items():
            lines.append(
                {
                    "study": name,
                    "places that start, and do not": f"{study.treated} and {study.untreated}",
                    "years before and after": f"{study.before} and {study.after}",
                    "spread": f"{study.spread:g}",
                    "pupils reached, per cent": f"{100 * study.dose:g}",
                    "smallest effect seen, on the place": f"{study.minimum_detectable():.3f}",
                    "on pupils reached": f"{study.on_reached():.3f}",
                    "results needed": str(study.results_needed),
                }
            )
        return pd.DataFrame(lines)

    def markup(self) -> str:
        """Return the control as HTML."""
        field = {name: slider.markup() for name, slider in SLIDERS.items()}
        rows = {
            "mde": ("Smallest effect on a place's mean that it could see, pupil SD", ("mde",)),
            "reached": ("The same on the pupils reached, pupil SD", ("reached",)),
            "needed": (f"Places that must start to see {self.limit:g}, all else as set", ("needed",)),
            "p": ("Smallest p that reordering the starts can give", ("p",)),
            "results": ("Yearly results to collect: places times years", ("results",)),
            "counts": ("Yearly counts of leaders to collect, for the dose", ("counts",)),
        }
        keys = (
            '<p><span class="explore-key memory">with so many places that start, the rest as you set it</span> '
            f'<span class="explore-key limit">{self.limit:g}, the smallest effect of interest</span></p>'
        )
        axes = picture(
            "Smallest effect that it could see, pupil SD",
            "places that start; the upright line is your number",
            [""] * HEIGHTS,
            [f"{MOST_TREATED * part // PLACES}" for part in range(PLACES + 1)],
            keys,
        )
        parts = (
            starts("Start from a study", list(STUDIES)),
            group("Places", field["treated"], field["untreated"], select("starts", "They start", TURNS)),
            group("Years", field["before"], field["after"]),
            group("Results and dose", field["spread"], field["autocorrelation"], field["dose"]),
            axes,
            figures("What the study could see, and what it takes", ("", "your study"), rows),
        )
        data = carried(
            studies={name: settings(study) for name, study in STUDIES.items()},
            limit=self.limit, alpha=ALPHA, power=POWER, most=MOST_TREATED,
        )  # fmt: skip
        return control("study", NAME, data, parts, html_table(self.table(), CAPTION, shown=True))
