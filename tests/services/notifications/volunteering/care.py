"""Who hears what of care plans."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.care import CareAlarm, CareEnd, CareRung, CareUnmet

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
P = "0195f00000000000000000000000cafe"
LIN, WANG, CHEN, GUO = "lin", "wang", "chen", "guo"
"""Who is visited; the visitor; the deputy; an organiser."""


def changed(former: str | None, visitor: str | None, deputy: str | None) -> v.CareVisitorChanged:
    return v.CareVisitorChanged(P, "area-1", LIN, former, visitor, deputy)


CASES: list[tuple[Event, dict[str, str]]] = [
    (v.CarePlanProposed(P, "area-1", LIN, NOON), {LIN: "care-consent-asked"}),
    (
        v.CarePlanStarted(P, "area-1", LIN, WANG, CHEN, "t1"),
        {LIN: "care-started", WANG: "care-visiting", CHEN: "care-deputy"},
    ),
    (v.CarePlanStarted(P, "area-1", LIN, None, None, None), {LIN: "care-started"}),
    (
        changed(WANG, CHEN, None),
        {LIN: "care-visitor-changed", CHEN: "care-visiting", WANG: "care-visiting-over"},
    ),
    (
        changed(WANG, CHEN, WANG),
        {LIN: "care-visitor-changed", CHEN: "care-visiting", WANG: "care-deputy"},
    ),
    (changed(WANG, WANG, CHEN), {CHEN: "care-deputy"}),
    (changed(WANG, WANG, None), {}),
    (changed(WANG, None, None), {LIN: "care-visitor-changed", WANG: "care-visiting-over"}),
    (v.CareVisitorAway(P, "area-1", WANG, CHEN, NOON), {CHEN: "care-stepping-in"}),
    (v.CareVisitorAway(P, "area-1", WANG, None, NOON), {}),
    (
        v.CareVisitorBack(P, "area-1", WANG, CHEN),
        {WANG: "care-visiting-again", CHEN: "care-stepped-back"},
    ),
    (v.CareVisitDue(P, "area-1", (WANG,), NOON, NOON), {WANG: "care-visit-due"}),
    (v.CareVisitMade(P, 1, "area-1", WANG, NOON, NOON, NOON, False, 30), {}),
    (
        v.CareVisitUnmet(P, 1, "area-1", GUO, NOON, CareUnmet.NOT_HOME, 1, (GUO, CHEN)),
        {CHEN: "care-visit-unmet"},
    ),
    (v.CareVisitMissed(P, "area-1", (WANG,), NOON, NOON), {WANG: "care-visit-missed"}),
    (
        v.CareAlarmRaised(P, 1, "area-1", CareAlarm.READING, CareRung.TEAM, (GUO, CHEN), NOON),
        {GUO: "care-alarm", CHEN: "care-alarm"},
    ),
    (
        v.CareAlarmClimbed(P, 1, "area-1", CareAlarm.MISSED, CareRung.COMMUNITY, (GUO,), NOON),
        {GUO: "care-alarm-climbed"},
    ),
    (
        v.CareAlarmClimbed(P, 1, "area-1", CareAlarm.MISSED, CareRung.STREET, (), NOON),
        {},
    ),
    (
        v.CareAlarmAcknowledged(P, 1, "area-1", GUO, (GUO, CHEN), NOON),
        {CHEN: "care-alarm-acknowledged"},
    ),
    (v.CareAlarmSettled(P, 1, "area-1", GUO, (GUO, CHEN)), {CHEN: "care-alarm-settled"}),
    (v.CareAlarmSettled(P, 1, "area-1", None, (GUO,)), {GUO: "care-alarm-settled"}),
    (
        v.CarePlanPaused(P, "area-1", LIN, WANG, NOON, NOON),
        {LIN: "care-paused", WANG: "care-paused"},
    ),
    (
        v.CarePlanResumed(P, "area-1", LIN, WANG),
        {LIN: "care-resumed", WANG: "care-resumed"},
    ),
    (
        v.CarePlanEnded(P, "area-1", LIN, WANG, CHEN, CareEnd.ENDED),
        {LIN: "care-ended", WANG: "care-ended", CHEN: "care-ended"},
    ),
    (v.CarePlanEnded(P, "area-1", None, WANG, None, CareEnd.ENDED), {WANG: "care-ended"}),
]
