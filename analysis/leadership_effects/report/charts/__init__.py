"""Draw charts with Altair, one module a topic; those that every case shares are named here."""

from leadership_effects.report.charts.common import (  # noqa: F401
    HEIGHT,
    NOT_COMPARED,
    ROW,
    bars,
    coding_matrix,
    free_sides,
    gaps,
    gaps_frame,
    intervals,
    lines,
    paths,
    paths_frame,
    placebos,
    placebos_frame,
    start_rule,
    starts,
    timeline,
    world,
    years_axis,
)
