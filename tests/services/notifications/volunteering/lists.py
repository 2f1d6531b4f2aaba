"""One event of every kind and course of resources, needs and projects."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.lists import NeedOutcome, Provision

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
R, N, P = "r" * 32, "n" * 32, "p" * 32
PATH, KIND = ("gl", "n1"), Provision.ELDERS
DESK, LIN, LEAD, UNIT = "desk", "lin", "lead", "o-school"
TASK = (P, 1, LIN, None)
OF_UNIT = (P, 2, None, UNIT)


def ended(outcome: NeedOutcome) -> v.NeedEnded:
    return v.NeedEnded(N, KIND, "n1", PATH, outcome, (R,), DESK)


def given(person: str | None, unit: str | None, former: str | None) -> v.ProjectTaskGiven:
    return v.ProjectTaskGiven(P, 1, person, unit, former, LEAD, NOON)


def judged(met: bool) -> v.ProjectJudged:
    return v.ProjectJudged(P, "n1", PATH, (N,), LEAD, met, 4, DESK)


CASES: list[tuple[Event, dict[str, str]]] = [
    (v.ResourceOffered(R, KIND, "n1", PATH, UNIT, None, 2, False, NOON, NOON), {}),
    (v.ResourceChanged(R, 3, NOON), {}),
    (v.ResourceReserved(R, N, 1, NOON, NOON, UNIT, None), {UNIT: "resource-promised"}),
    (v.ResourceReserved(R, N, 1, NOON, NOON, None, LIN), {LIN: "resource-promised"}),
    (v.ResourceRefused(R, N, 1, "not-enough"), {}),
    (v.ResourceFreed(R, N, 1, "released"), {}),
    (v.ResourceWithdrawn(R), {}),
    (v.NeedStated(N, KIND, "n1", PATH, 1, NOON, NOON, DESK), {}),
    (v.NeedAsked(N, R, KIND, PATH, 1, NOON, NOON, DESK), {}),
    (v.NeedReleased(N, R), {}),
    (v.NeedLeftOut(N, R, "not-enough", DESK), {DESK: "need-left-out"}),
    (v.NeedOffered(N, "k1", KIND, "n1", LIN, None, NOON), {LIN: "need-fits-you"}),
    (v.NeedOffered(N, "k2", KIND, "n1", None, UNIT, NOON), {UNIT: "need-fits-you"}),
    (v.NeedOfferAnswered(N, "k1", LIN, None, 1, DESK), {DESK: "need-accepted"}),
    (v.NeedOfferAnswered(N, "k1", LIN, None, 0, DESK), {DESK: "need-declined"}),
    (v.NeedOffersLapsed(N, ("k1",)), {}),
    (v.NeedMet(N, "n1", DESK), {DESK: "need-met"}),
    (v.NeedNotGiven(N, P, None), {}),
    (ended(NeedOutcome.FULFILLED), {DESK: "need-fulfilled"}),
    (ended(NeedOutcome.EXPIRED), {DESK: "need-expired"}),
    (ended(NeedOutcome.WITHDRAWN), {}),
    (v.ProjectPlanned(P, "n1", PATH, (N,), LEAD, NOON), {LEAD: "project-led"}),
    (
        v.ProjectLeadChanged(P, DESK, LEAD),
        {DESK: "project-passed-to-you", LEAD: "project-passed-on"},
    ),
    (given(LIN, None, None), {LIN: "task-given"}),
    (given(None, UNIT, LIN), {UNIT: "task-given", LIN: "task-taken"}),
    (given(LIN, None, LIN), {LIN: "task-given"}),
    (v.ProjectTaskDropped(*TASK), {LIN: "task-dropped"}),
    (v.ProjectTaskDone(*TASK, LEAD), {LEAD: "task-done"}),
    (v.ProjectTaskDone(P, 1, LEAD, None, LEAD), {}),
    (v.ProjectTaskConfirmed(*TASK, LEAD), {LIN: "task-confirmed"}),
    (v.ProjectTaskSentBack(*OF_UNIT), {UNIT: "task-sent-back"}),
    (v.ProjectTaskOverdue(*TASK, LEAD, NOON), {LIN: "task-overdue", LEAD: "task-late"}),
    (v.ProjectReported(P, "n1", (N,), LEAD, NOON), {}),
    (v.ProjectJudgementLate(P, "n1", "gl", DESK), {DESK: "project-to-judge"}),
    (v.ProjectJudgementLate(P, "n1", "gl", None), {}),
    (judged(True), {LEAD: "project-met"}),
    (judged(False), {LEAD: "project-unmet"}),
    (v.ProjectCalledOff(P, "n1", (N,), LEAD, DESK), {LEAD: "project-called-off"}),
]
