"""The words of the framework are those by which the release codes its places."""

from leadership_effects.data.release import Release
from leadership_effects.data.vocabulary import ITEMS, KINDS, OTHER_PLACES, STUDY_PLACES


def test_items_are_those_of_the_rubric(release: Release) -> None:
    rubric = release.table("rubric")
    coded = set(rubric.loc[rubric["kind"] != "outcome", ["kind", "item"]].itertuples(index=False, name=None))
    assert coded == {(item.kind, key) for key, item in ITEMS.items()}
    assert {item.kind for item in ITEMS.values()} == set(KINDS)


def test_every_place_that_is_no_case_has_a_name(release: Release) -> None:
    cases = set(release.table("cases")["case_id"])
    assert set(release.table("assessments")["place"]) <= cases | set(OTHER_PLACES)
    assert set(release.table("evaluations").query("estimate.notna()")["case_id"]) <= cases | set(STUDY_PLACES)
