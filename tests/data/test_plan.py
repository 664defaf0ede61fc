"""A case outside the plan is refused."""

from __future__ import annotations

import pytest
from leadership_effects.data.plan import PlanError, case_plan


def test_a_case_outside_the_plan_is_refused(small):
    with pytest.raises(PlanError, match="no case 'atlantis'; there are huari, delhi"):
        case_plan(small.open(), "atlantis")
