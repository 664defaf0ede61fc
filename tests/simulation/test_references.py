"""The package agrees with every outside reference that it ships."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from leadership_effects.simulation.references import OUTSIDE, agreements, outside_panel

REFERENCE = Path(__file__).parents[1] / "reference"


def test_shipped_references_stand_in_the_reference_folder() -> None:
    entries = json.loads(OUTSIDE.read_text("utf-8"))["references"]
    shipped = {entry["key"]: entry["reference"] for entry in entries}
    prop, organ, bcg = (
        json.loads((REFERENCE / name / "expected.json").read_text("utf-8"))
        for name in ("prop99", "organ_donations", "bcg")
    )
    r, exact, metafor = prop["R synthdid 0.0.9"], prop["exact optimum"], bcg["metafor 3.8-1"]
    placebos = pd.read_csv(REFERENCE / "prop99/placebo_in_space_R.csv", index_col=0)
    expected = {
        "prop99.twfe": r["did"], "prop99.sdid": exact["sdid"], "prop99.sdid_r": r["sdid"], "prop99.sc": exact["sc"],
        "prop99.sc_r": r["sc"], "prop99.sd_twfe": placebos["did"].std(), "prop99.sd_sdid_r": placebos["sdid"].std(),
        "organ.twfe": organ["R fixest 0.12.2"]["coef"], "organ.t": next(iter(organ["statsmodels 0.15.0"].values())),
        "bcg.tau2": metafor["tau2"], "bcg.effect": metafor["b"], "bcg.se": metafor["se"], "bcg.low": metafor["pi"][0],
        "bcg.high": metafor["pi"][1],
    }  # fmt: skip
    for key in ("prop99.ridge", "prop99.ridge_unit"):  # computed anew in their own test
        del shipped[key]
    assert shipped == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "unit", "period", "value"),
    [("prop99", "state", "year", "cigsale"), ("organ_donations", "State", "Quarter_Num", "Rate")],
)
def test_shipped_examples_are_the_reference_data(name: str, unit: str, period: str, value: str) -> None:
    panel = outside_panel(name)
    wide = pd.read_csv(REFERENCE / name / "input.csv").pivot(index=unit, columns=period, values=value)
    assert tuple(wide.columns) == panel.years and set(wide.index) == set(panel.units)
    assert (wide.loc[list(panel.units)].to_numpy() == panel.y).all()


def test_package_agrees_with_every_outside_reference() -> None:
    found = agreements()
    assert (found["difference"] <= found["tolerance"]).all(), found[["key", "difference", "tolerance"]]
