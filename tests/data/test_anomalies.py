"""Mistakes planted in real series are listed with the reason, and few other figures are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from leadership_effects.data.checks.slips.anomalies import outcome_rows, suspicious_figures
from leadership_effects.data.checks.slips.expected import own_expectations
from leadership_effects.data.release import open_release
from leadership_effects.data.validation import main

RELEASE = "2026.5"
SLIPS = ("scale", "digits", "rows", "years", "measure")
EACH = 10


def with_digits_exchanged(text: str, rng: np.random.Generator) -> str:
    """Exchange two neighbouring digits of which the first stands before the point."""
    whole = len(text.partition(".")[0])
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    pairs = [(a, b) for a, b in itertools.pairwise(digits) if a < whole and text[a] != text[b]]
    signs = list(text)
    if pairs:
        one, two = pairs[rng.integers(len(pairs))]
        signs[one], signs[two] = signs[two], signs[one]
    return "".join(signs)


class Planter:
    """Draws slips in the outcomes of a release: cells with what is written there instead."""

    def __init__(self, rows: pd.DataFrame, seed: int) -> None:
        self.rows, self.rng = rows, np.random.default_rng(seed)
        self.noise = own_expectations(rows)["noise"].to_numpy()
        order = rows.sort_values(["indicator_id", "unit_id", "year"], kind="stable").index
        self.next_year = dict(itertools.pairwise(order))
        series = rows.groupby(["indicator_id", "unit_type"])["value"]
        self.scaled = ((rows["value"] - series.transform("mean")) / series.transform("std")).to_numpy()

    def slip(self, kind: str, place: int) -> dict[int, str]:
        row = self.rows.loc[place]
        if kind == "scale":
            return {place: f"{row['value'] * self.rng.choice([10, 100, 0.1, 0.01]):.6g}"}
        if kind == "digits":
            return {place: with_digits_exchanged(row["text"], self.rng)}
        if kind in ("rows", "years"):
            other = self.rows.loc[place + 1 if kind == "rows" else self.next_year[place]]
            same = [other[column] == row[column] for column in ("file", "indicator_id", "unit_id")]
            fits = all(same) if kind == "years" else same[0] and not same[2]
            return {place: other["text"], int(other.name): row["text"]} if fits else {}
        if row["measure"] != "percent":  # points as standard deviations from the mean
            return {place: f"{self.scaled[place]:.2f}"} if np.isfinite(self.scaled[place]) else {}
        count = np.isfinite(row["n_pupils"]) and self.rng.integers(2)  # a count, or a share of one
        return {
            place: f"{row['value'] * row['n_pupils'] / 100:.0f}" if count else f"{row['value'] / 100:.6g}"
        }

    def drawn(self, least: float) -> Iterator[dict[int, str]]:
        """Yield slips that move a figure by more than so many times its series' usual error; zero for any."""
        used: set[int] = set()
        for kind in SLIPS:
            left = EACH
            while left:
                new = self.slip(kind, int(self.rng.integers(len(self.rows) - 1)))
                moved = [abs(float(text) - self.rows["value"][place]) for place, text in new.items()]
                bounds = [least * self.noise[place] for place in new] if least else [0.0] * len(new)
                if used & set(new) or not any(m > b for m, b in zip(moved, bounds, strict=True)):
                    continue
                used |= set(new)
                left -= 1
                yield new


def written(rows: pd.DataFrame, new: dict[int, str]) -> pd.DataFrame:
    text = rows["text"].copy()
    text.loc[list(new)] = list(new.values())
    return rows.assign(text=text, value=pd.to_numeric(text), decimals=text.str.partition(".")[2].str.len())


def listed_keys(rows: pd.DataFrame, earlier: dict[str, float] | None = None) -> set[str]:
    return {key for keys in suspicious_figures(rows, earlier)["keys"] for key in keys}


@pytest.fixture(scope="module")
def outcomes() -> pd.DataFrame:
    return outcome_rows(open_release(RELEASE))


@pytest.mark.parametrize(
    ("seed", "least", "wanted"),
    [(0, 2.0, 45), (1, 2.0, 45), (0, 0.0, 33)],
    ids=["larger than noise", "larger than noise, drawn again", "of any size"],
)
def test_of_fifty_planted_slips_nearly_all_are_listed(outcomes, seed: int, least: float, wanted: int) -> None:
    """Slips of any size hold exchanges of figures that differ by less than their noise, which nothing can tell."""
    slips = list(Planter(outcomes, seed).drawn(least))
    spoilt = written(outcomes, {place: text for slip in slips for place, text in slip.items()})
    keys, listed = spoilt["key"], listed_keys(spoilt)
    assert sum(any(keys[place] in listed for place in slip) for slip in slips) >= wanted
    planted = {keys[place] for slip in slips for place in slip}
    assert len(listed - planted) < 0.01 * len(outcomes), "of the other cells fewer than one in a hundred"


@pytest.mark.parametrize(
    ("key", "column", "text", "said"),
    [
        ("simce_4b_lect/chile/region/biobio/2015", "value", "2662.1", "of which it is ten times, would fit"),
        ("simce_4b_lect/chile/region/biobio/2015", "value", "626.21", "with two digits exchanged, would fit"),
        ("tx_cohort_hs_grad_pct/rio_grande_valley/county/burnet/2009", "value", "71.23", "no whole number of 528 pupils"),
        ("simce_4b_mate/chile/region/biobio/2015", "n_pupils", "241", "pupils are expected"),
    ],
)  # fmt: skip
def test_the_reason_is_said_in_words(outcomes, key: str, column: str, text: str, said: str) -> None:
    rows = outcomes[outcomes["table"].isin(["outcomes-chile", "outcomes-rio_grande_valley"])]
    rows = rows[rows["indicator_id"] == key.split("/")[0]].reset_index(drop=True)
    (place,) = rows.index[rows["key"] == key]
    if column == "value":
        spoilt = written(rows, {place: text})
    else:
        spoilt = rows.assign(n_pupils=rows["n_pupils"].where(rows.index != place, float(text)))
    found = suspicious_figures(spoilt).set_index(["key", "column"])
    assert found.loc[(key, column), "value"] == text
    assert said in found.loc[(key, column), "reason"]
    assert key not in suspicious_figures(rows)["key"].tolist()


def test_a_slip_of_any_size_is_listed_where_the_release_before_held_the_figure(outcomes) -> None:
    slips = list(Planter(outcomes, 0).drawn(0.0))
    new = {place: text for slip in slips for place, text in slip.items()}
    earlier = {outcomes["key"][place]: outcomes["value"][place] for place in new}
    listed = listed_keys(written(outcomes, new), earlier)
    assert sum(any(outcomes["key"][place] in listed for place in slip) for slip in slips) >= 48


def test_a_release_with_a_slip_is_listed_by_the_command(small, capsys: pytest.CaptureFixture[str]) -> None:
    small.edit("outcomes/delhi.csv", 3, "n_pupils", "100000")
    small.freeze()
    assert main([small.name, "--suspicious"]) == 0
    said = capsys.readouterr().out
    assert (
        "outcomes/delhi.csv, row 3, column n_pupils: " in said
        and "1 of 24 outcomes (4.17%) look unusual" in said
    )
