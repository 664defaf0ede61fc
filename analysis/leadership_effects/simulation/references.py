"""Compare the package with others' software and published tables on shipped examples.

The examples and the values stand in ``outside_references.json``; the tests compare that file with the reference folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from leadership_effects.data.panels import Panel
from leadership_effects.effects.augmented import augmented_synthetic_control
from leadership_effects.effects.estimators import estimate
from leadership_effects.effects.inference import collapsed_t, placebo_in_space
from leadership_effects.simulation.null_panels import bare_panel
from leadership_effects.synthesis.pooling import pool

OUTSIDE = Path(__file__).with_name("outside_references.json")


def _outside() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(OUTSIDE.read_text(encoding="utf-8"))
    return content


def outside_panel(name: str) -> Panel:
    """Return the panel of a published example: ``prop99`` or ``organ_donations``."""
    content = _outside()["panels"][name]
    y = np.array(content["values"])
    panel = bare_panel(y, content["n_pre"], np.ones(len(y) - 1), tuple(content["years"]), name)
    return replace(panel, units=tuple(content["units"]))


def _own_values() -> dict[str, Callable[[], float]]:
    """Return what the package computes for each outside reference."""
    prop, organ = outside_panel("prop99"), outside_panel("organ_donations")
    trials = _outside()["trials"]["bcg"]
    pooled = pool(trials["yi"], trials["vi"], modified=False)
    at = {entry["key"]: entry.get("ridge") for entry in _outside()["references"]}
    values: dict[str, Callable[[], float]] = {
        "prop99.twfe": lambda: estimate(prop, "twfe").att,
        "prop99.sdid": lambda: estimate(prop, "sdid").att,
        "prop99.sdid_r": lambda: estimate(prop, "sdid").att,
        "prop99.sc": lambda: estimate(prop, "sc").att,
        "prop99.sc_r": lambda: estimate(prop, "sc").att,
        "prop99.sd_twfe": lambda: placebo_in_space(prop, "twfe").sd,
        "prop99.sd_sdid_r": lambda: placebo_in_space(prop, "sdid").sd,
        "prop99.ridge": lambda: augmented_synthetic_control(prop, unit_effects=False, ridge=at["prop99.ridge"]).att,
        "prop99.ridge_unit": lambda: augmented_synthetic_control(prop, ridge=at["prop99.ridge_unit"]).att,
        "organ.twfe": lambda: estimate(organ, "twfe").att,
        "organ.t": lambda: collapsed_t(organ).t,
        "bcg.tau2": lambda: pooled.tau2,
        "bcg.effect": lambda: pooled.effect,
        "bcg.se": lambda: pooled.se,
        "bcg.low": lambda: pooled.prediction[0],
        "bcg.high": lambda: pooled.prediction[1],
    }  # fmt: skip
    return values


def organ_answers() -> dict[str, float]:
    """Compute an estimate and three tests of California's donors, as on the methods page.

    Returns
    -------
    dict
        ``places``, ``others``, ``att`` and the p-values ``cluster`` (cluster-robust regression on the panel, never used
        for a result), ``permutation`` and ``t`` (collapsed t).
    """
    organ = outside_panel("organ_donations")
    after = organ.years[organ.n_pre - 1]
    frame = organ.long().assign(d=lambda f: (f["treated"] & (f["year"] > after)).astype(float))
    groups = frame["unit"].astype("category").cat.codes
    fit = smf.ols("value ~ d + C(unit) + C(year)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    placebos = placebo_in_space(organ, "twfe")
    return {
        "places": float(len(organ.units)), "others": float(organ.n_donors), "att": placebos.treated,
        "cluster": float(fit.pvalues["d"]), "permutation": placebos.p_value, "t": collapsed_t(organ).p,
    }  # fmt: skip


def agreements() -> pd.DataFrame:
    """Compare the package with other people's software, a row a quantity.

    Returns
    -------
    DataFrame
        ``key, data, quantity, reference, tolerance, software, reason, ours, difference``; the difference is absolute.
    """
    own = _own_values()
    rows = pd.DataFrame(_outside()["references"])
    rows["ours"] = [own[key]() for key in rows["key"]]
    return rows.assign(difference=(rows["ours"] - rows["reference"]).abs())
