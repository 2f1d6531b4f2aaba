"""Differences between versions: what was added, dropped and changed, word by word."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.mediation.api.agreements.differences import differences
from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.agreements.agreement_events import AgreementWorded
from tests.services.mediation.agreements.stories import DAY, NOW, PAYS, REMOVES

CLEANS = ClauseDraft("p1", "每周打扫楼道一次", NOW + 30 * DAY)


def worded(
    *clauses: ClauseDraft, open_points: tuple[str, ...] = (), **names: str
) -> AgreementWorded:
    return AgreementWorded(1, clauses, open_points, tuple(sorted(names.items())))


def test_the_same_is_no_difference() -> None:
    same = worded(REMOVES, PAYS, open_points=("鞋柜",), p1="王芳")
    assert differences(same, same) == {"clauses": [], "open_points": [], "names": []}


def test_a_clause_that_is_changed_shows_the_words_that_are() -> None:
    sooner = replace(REMOVES, what="把走廊里的所有纸箱搬走", until=NOW + 5 * DAY)
    (one,) = differences(worded(REMOVES, PAYS), worded(PAYS, sooner))["clauses"]
    assert (one["change"], one["before"], one["after"]) == ("changed", 1, 2)
    assert one["what"] == [{"same": "把走廊里的"}, {"new": "所有"}, {"same": "纸箱搬走"}]
    assert one["until"] == {"before": REMOVES.until, "after": sooner.until}
    assert "cents" not in one


def test_clauses_come_and_go() -> None:
    found = differences(worded(REMOVES, PAYS), worded(REMOVES, CLEANS))["clauses"]
    assert [(one["change"], one["before"], one["after"]) for one in found] == [
        ("added", None, 2),
        ("dropped", 2, None),
    ]
    assert found[0]["what"] == [{"new": "每周打扫楼道一次"}]
    assert found[1]["cents"] == {"before": 12_000, "after": None}


def test_open_points_and_names_change_too() -> None:
    found = differences(
        worded(PAYS, open_points=("鞋柜", "门铃"), p1="王芳"),
        worded(PAYS, open_points=("鞋柜",), p2="李强"),
    )
    assert found["open_points"] == [{"change": "dropped", "what": [{"gone": "门铃"}]}]
    assert found["names"] == [
        {"party": "p1", "before": "王芳", "after": None},
        {"party": "p2", "before": None, "after": "李强"},
    ]


texts = st.text(st.sampled_from("搬走纸箱付钱 abc12"), min_size=1, max_size=30)
some = st.lists(
    st.builds(ClauseDraft, st.sampled_from(["p1", "p2"]), texts, st.just(NOW)), max_size=6
)


@given(some, some)
def test_before_and_after_can_be_told_from_what_is_shown(
    before: list[ClauseDraft], after: list[ClauseDraft]
) -> None:
    found = differences(worded(*before), worded(*after))["clauses"]
    for one in found:
        assert text(one, "gone") == (before[one["before"] - 1].what if one["before"] else "")
        assert text(one, "new") == (after[one["after"] - 1].what if one["after"] else "")
    untouched = len(after) - sum(one["after"] is not None for one in found)
    assert untouched == len(before) - sum(one["before"] is not None for one in found)


def text(one: dict[str, Any], which: str) -> str:
    return "".join(piece.get("same") or piece.get(which) or "" for piece in one["what"])
