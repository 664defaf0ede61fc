"""Draw charts with Altair, one module a topic; those that every case shares are named here."""

from leadership_effects.report.charts.common import (  # noqa: F401
    HEIGHT,
    ROW,
    bars,
    coding_matrix,
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
    years_axis,
)
from leadership_effects.report.charts.maps.labels import labelled  # noqa: F401
from leadership_effects.report.charts.maps.world import world  # noqa: F401
