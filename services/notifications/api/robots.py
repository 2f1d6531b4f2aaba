"""Robots of staff groups over HTTP: set up by who administers the place."""

from collections.abc import Sequence
from typing import Any

from services.notifications.domain.group_robot import (
    GroupRobot,
    ReplaceRobot,
    SetUpRobot,
    TakeDownRobot,
    group_robot,
    open_verbs,
    robot_of,
)
from shared.contracts.types import PlaceCode
from shared.runtime.api import Create, CurrentCaller, CurrentCopies, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.policies import administrator, within_place
from shared.runtime.queries import Queries

administrator_there = within_place("administrator")


def lies_in(copies: Copies, state: GroupRobot | None, command: Any) -> Sequence[str]:
    """Where the group works."""
    return path_of(copies, command.place if state is None else state.place)


def path_of(copies: Copies, place: str) -> Sequence[str]:
    """The places above a place and itself; the place alone where it is not known."""
    known = copies["place"].get(place)
    return (place,) if known is None or not known.path else known.path


robots_api = aggregate_api(
    group_robot,
    collection="robots",
    tag="Rules",
    create=Create(
        SetUpRobot, may=administrator_there, id=lambda command: robot_of(command.organisation)
    ),
    verbs={
        "replace": Verb(ReplaceRobot, may=administrator_there),
        "take-down": Verb(TakeDownRobot, may=administrator_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=administrator_there,
    lies_in=lies_in,
)

queries = Queries(tags=["Rules"])


@queries.get("/robots", may=administrator, note="of their places")
async def robots_at(
    caller: CurrentCaller, copies: CurrentCopies, place: PlaceCode
) -> dict[str, Any]:
    """The groups at a place and below it that have a robot, without its address: nobody is shown
    that.
    """
    items = [
        {"id": id, "organisation": one.organisation, "place": one.place, "kind": one.kind}
        for id, one in copies["group-robot"].items()
        if one.kind is not None
        and place in (path := path_of(copies, one.place))
        and not caller.places.isdisjoint(path)
    ]
    return {"items": sorted(items, key=lambda one: str(one["id"])), "next": None}


APIS = (robots_api,)
QUERIES = (queries,)
