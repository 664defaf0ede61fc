"""Record what specification curves and gap series show."""

from __future__ import annotations

from leadership_effects.data.panels import GapSeries, build_gap
from leadership_effects.data.plan import GapPlan
from leadership_effects.effects.estimators import interrupted_gap
from leadership_effects.effects.specification import Curve, described_curve, specification_curve
from leadership_effects.report.numbers import COUNT, P_VALUE, PER_CENT, Unit
from leadership_effects.report.registry import Registry


def record_curve(registry: Registry, found: Curve, key: str = "curve") -> None:
    """Record a curve under ``<key>.n``, ``.median`` and so on; no p without placebo places."""
    maker = specification_curve if found.has_placebos else described_curve
    values, effect = found.standardised[0], Unit(found.metric, 2, signed=True)
    skipped, share = sum(found.skipped.values()), PER_CENT.to(0)
    numbers: list[tuple[str, float, Unit, str]] = [
        ("planned", values[found.planned], effect, "difference under the planned specification."),
        ("median", found.medians[0], effect, "median difference over the specifications."),
        ("low", values.min(), effect, "smallest difference over the specifications."),
        ("high", values.max(), effect, "largest difference over the specifications."),
        ("n", len(values), COUNT, "specifications of the grid that the data allow."),
        ("skipped", skipped, COUNT, "combinations of the grid that the data do not allow."),
        ("positive", 100 * found.positive, share, "share of specifications with a difference above zero."),
        ("agree", 100 * found.agree, share, "share of specifications with the sign of the planned one."),
    ]
    if found.has_placebos:
        ranked = "two-sided permutation p of the median among those of comparison places."
        numbers += [
            ("p", found.p_value, P_VALUE, ranked),
            ("floor", 1 / found.n_ranked, P_VALUE, "smallest p that this rank can reach."),
            ("places", found.n_ranked, COUNT, "places whose medians are ranked."),
            ("rank", found.rank, COUNT, "rank of the median from the top."),
        ]
    record = registry.numbers(key, rows=found.rows, function=maker)
    for name, value, unit, meaning in numbers:
        record(name, value, unit, f"{found.places[0]}: {meaning}")


def record_gap(registry: Registry, plan: GapPlan, series: GapSeries, name: str, digits: int = 1) -> None:
    """Record a gap series by year under ``gap.<name>``, with two years before its change too."""
    unit = Unit(series.scale.difference_unit, digits, signed=True)
    gaps = dict(zip(series.years, series.gap, strict=True))
    meaning = f"{plan.treated} less {plan.comparator} in {{}}."
    registry.numbers(f"gap.{name}", rows=series.rows, function=build_gap).each("{}", gaps, unit, meaning)
    record = registry.numbers(f"gap.{name}", rows=series.rows, function=interrupted_gap)
    if series.n_pre >= 2:
        fit = interrupted_gap(series, trend=False)
        record("pre_mean", fit.pre_mean, unit, "Mean gap before the start.")
        record("post_mean", fit.post_mean, unit, "Mean gap after the start.")
        record("change", fit.change, unit, "Change of the mean gap from before to after.")
    if series.n_pre >= 3:
        change = interrupted_gap(series, trend=True).change
        record("change_trend", change, unit, "Level change after the start, net of a straight line.")
