"""The point rules over HTTP: what is in force, and what lies ahead."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AwareDatetime

from services.volunteering.domain.bank.point_rules import (
    CITY,
    CallOffRevision,
    PointRules,
    ReviseRules,
    point_rules,
)
from services.volunteering.domain.bank.rules import RuleSet
from services.volunteering.facts.bank import rules_in_force
from shared.runtime.api import Create, CurrentClock, CurrentCopies, Verb, aggregate_api
from shared.runtime.policies import administrator, anyone
from shared.runtime.queries import Queries

At = Annotated[AwareDatetime | None, Query(description="A moment; now where it is not said")]


rules_api = aggregate_api(
    point_rules,
    collection="point-rules",
    tag="Points bank",
    create=Create(ReviseRules, may=administrator, id=lambda _command: CITY),
    verbs={"call-off": Verb(CallOffRevision, may=administrator)},
    see=anyone,
)

queries = Queries(tags=["Points bank"])


@queries.get("/point-rules", may=anyone)
async def rules(copies: CurrentCopies, clock: CurrentClock, at: At = None) -> dict[str, Any]:
    """What work earns, and what the limits are: at a moment, and as it was changed or will be."""
    moment: datetime = at or clock.now()
    revised: PointRules = copies["point-rules"].get(CITY, point_rules.initial)
    return {
        "at": moment,
        **_told(rules_in_force(copies).at(moment)),
        "revisions": [
            {"number": one.number, "since": one.since, **_told(one.rules)}
            for one in revised.revisions
        ],
    }


def _told(rules: RuleSet) -> dict[str, Any]:
    said = {name: getattr(rules, name) for name in RuleSet.__dataclass_fields__}
    return {**said, "an_hour": dict(rules.an_hour)}
