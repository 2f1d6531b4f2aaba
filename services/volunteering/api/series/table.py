"""Series over HTTP: the table, which series there are, and what they will make."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query as Parameter

from services.volunteering.access import for_their_team, organises, staff_there
from services.volunteering.domain.series.rhythm import held_on
from services.volunteering.domain.series.series import open_verbs, series
from services.volunteering.domain.series.series_commands import (
    BeginSeries,
    EndSeries,
    LeaveOut,
    MoveOccasion,
    Restore,
    ReviseSeries,
)
from services.volunteering.domain.series.series_state import (
    Coming,
    Series,
    activity_id,
    coming,
    course_of,
    decided_of,
    made_at,
    span,
    theme_of,
    timing_of,
)
from services.volunteering.facts.teams import open_path
from services.volunteering.views.series import series_query
from shared.contracts.types import Id, PlaceCode
from shared.runtime import cursors
from shared.runtime.api import Create, CurrentCaller, CurrentStore, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.worktime.days import is_public_holiday, is_working_day

MOST_SHOWN = 60
"""Occasions to come that are shown at once."""

HowMany = Annotated[int, Parameter(ge=1, le=MOST_SHOWN)]


def lies_in(copies: Copies, state: Series | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return open_path(copies["place"], command.place) if state is None else state.path


runs_it = organises | staff_there

series_api = aggregate_api(
    series,
    collection="series",
    tag="Series",
    create=Create(BeginSeries, may=for_their_team | staff_there),
    verbs={
        "revise": Verb(ReviseSeries, may=runs_it),
        "leave-out": Verb(LeaveOut, may=runs_it),
        "move-occasion": Verb(MoveOccasion, may=runs_it),
        "restore": Verb(Restore, may=runs_it),
        "end": Verb(EndSeries, may=runs_it),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    history=runs_it,
    lies_in=lies_in,
)

queries = Queries(tags=["Series"])


@queries.get("/series", may=anyone)
async def list_series(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    team: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Series that run: at a place or below it, of a team, or all."""
    asked = series_query(place=place, team=team, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("series", asked)
    items = [{"id": one.id, **summary(store.read(series, one))} for one in page.items]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/series/{id}/occasions", may=anyone)
async def occasions_to_come(
    id: Id, caller: CurrentCaller, store: CurrentStore, count: HowMany = 12
) -> dict[str, Any]:
    """The next days of a series that nothing has been made for yet: on which each is held, when it
    is made, and why it is left out or moved. What has been made stands among the activities.
    """
    found = await store.get(series, id)
    if found is None:
        raise NotFound
    return {"items": [occasion(found.state, one) for one in coming(found.state, count)]}


def summary(state: Series) -> Mapping[str, Any]:
    """A series in a list."""
    return {
        "title": None if state.outline is None else state.outline.title,
        "place": state.place,
        "team": state.team,
        "course": state.course,
        "timing": state.timing,
        "themes": state.themes,
        "made": state.made,
    }


def occasion(state: Series, one: Coming) -> dict[str, Any]:
    """A day that lies ahead. Holidays of a year that is not announced yet are not known."""
    assert state.outline is not None, "it was drawn up"
    decided = decided_of(state, one.day)
    because: str | None = "decided"
    if decided is not None:
        day = decided.to
    else:
        day = held_on(
            one.day,
            one.following,
            course_of(state).on_holiday,
            is_public_holiday,
            is_working_day,
        )
        because = None if day == one.day else "holiday"
    theme = None if day is None else theme_of(state, day)
    begin, end = (None, None) if day is None else span(timing_of(state), day)
    return {
        "day": one.day,
        "activity": activity_id(state.series, one.day),
        "held_on": day,
        "because": because,
        "begin": begin,
        "end": end,
        "made_at": None if day is None else made_at(timing_of(state), day),
        "title": state.outline.title if theme is None else theme.title,
    }


def organised(state: Series, _caller: Caller) -> Mapping[str, Any]:
    """What of a series concerns somebody who answers for it."""
    return {
        "series": state.series,
        "place": state.place,
        "team": state.team,
        "answers_for_it": True,
    }
