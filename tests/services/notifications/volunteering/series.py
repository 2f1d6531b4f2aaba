"""Who hears what of series of activities."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
LATER = datetime(2025, 3, 4, 4, 0, tzinfo=UTC)
S = "0195f00000000000000000000000beef"
A = f"{S}.20250303"
BOTH = ("chen", "lin")
"""A captain and a deputy answer for it."""

CASES: list[tuple[Event, dict[str, str]]] = [
    (v.SeriesBegan(S, "area-1", "green", "chen", NOON, None), {}),
    (v.OccasionDue(S, A, "area-1", "green", NOON, LATER), {}),
    (
        v.OccasionLeftOut(S, "area-1", "green", NOON, "holiday", BOTH),
        {"chen": "occasion-left-out", "lin": "occasion-left-out"},
    ),
    (
        v.OccasionMoved(S, "area-1", None, NOON, LATER, ("chen",)),
        {"chen": "occasion-moved"},
    ),
    (
        v.OccasionNotMade(S, A, "area-1", "green", NOON, BOTH),
        {"chen": "occasion-not-made", "lin": "occasion-not-made"},
    ),
    (
        v.SeriesEnded(S, "area-1", "green", "over", BOTH),
        {"chen": "series-ended", "lin": "series-ended"},
    ),
]
