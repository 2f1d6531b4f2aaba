"""Consultation (会诊): departments are called onto one petition, each with its own clock.

A department accepts or refuses within a working day. A refusal, silence and a part that is late go
to the caller's level, which insists, rules the part out, or hands it over to another department:
once, so that nothing is sent round. The lead department gives the joint answer when all parts are
in or ruled out. The petition's own clock runs on all the while.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.petitions.domain.consultation_commands import (
    AcceptPart,
    Consult,
    DeliverPart,
    HandOver,
    Insist,
    LeftUnsolved,
    Minute,
    MinuteWritten,
    PartWritten,
    QuestionPut,
    RefusePart,
    RuleOut,
)
from services.petitions.domain.departments import (
    TO_DECIDE,
    Consultation,
    Part,
    PartStatus,
    must_be_fit,
)
from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.ladder import Surroundings, rank
from services.petitions.domain.reporting import must_be_impartial
from services.petitions.domain.state import Petition
from shared.contracts.event import Event
from shared.contracts.petitions import (
    ConsultationCalled,
    ConsultationConcluded,
    DepartmentAccepted,
    DepartmentCalled,
    DepartmentDelivered,
    DepartmentHandedOver,
    DepartmentInsisted,
    DepartmentLate,
    DepartmentRefused,
    DepartmentRuledOut,
    DepartmentSilent,
    PetitionAnswered,
    PetitionClosed,
    PetitionHandedUp,
    PetitionMerged,
    PetitionOverdue,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Command, Rejected, changed

FEWEST, MOST = 2, 12
"""Departments called at once."""


COMMANDS = (Consult, AcceptPart, RefusePart, DeliverPart, Insist, HandOver, RuleOut, Minute)
EVENTS = (
    ConsultationCalled,
    DepartmentCalled,
    QuestionPut,
    DepartmentAccepted,
    DepartmentRefused,
    DepartmentSilent,
    DepartmentInsisted,
    DepartmentHandedOver,
    DepartmentRuledOut,
    DepartmentDelivered,
    PartWritten,
    DepartmentLate,
    MinuteWritten,
    ConsultationConcluded,
    LeftUnsolved,
)


_ENDS: dict[type[Event], str] = {
    PetitionAnswered: "answered",
    PetitionClosed: "closed",
    PetitionMerged: "merged",
}
"""What ends a consultation, and how that is called."""


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from what departments say and what the caller's level decides."""
    if isinstance(command, Consult):
        return _call(command, petition, now, facts)
    consultation = petition.consultation
    assert consultation is not None, "the table of verbs asks for it"
    calendar, limits = facts.calendar, facts.consultation
    match command:
        case AcceptPart(org=org):
            part_by = calendar.after(now, limits.part_within)
            return [DepartmentAccepted(petition.id, str(org), consultation.by, part_by)]
        case RefusePart(org=org, reason=reason):
            return [
                DepartmentRefused(petition.id, str(org), consultation.by),
                ReasonGiven(command.verb, reason),
            ]
        case DeliverPart(by=by, org=org, text=text):
            own = consultation.part(org)
            in_time = own is not None and own.status is PartStatus.ACCEPTED
            return [
                DepartmentDelivered(petition.id, str(org), consultation.by, in_time),
                PartWritten(str(org), by, text),
            ]
        case Insist(by=by, department=department, reason=reason):
            _decides(petition, consultation, by, facts)
            part = _doubtful(consultation, department)
            if part.status is PartStatus.LATE:
                raise Rejected(
                    "part-accepted", "it has accepted; it can be handed over or ruled out"
                )
            part_by = calendar.after(now, limits.part_within)
            return [
                DepartmentInsisted(petition.id, department, part_by),
                ReasonGiven(command.verb, reason),
            ]
        case HandOver(by=by, department=department, instead=instead, reason=reason):
            _decides(petition, consultation, by, facts)
            return [
                *_hand_over(petition, consultation, department, instead, now, facts),
                ReasonGiven(command.verb, reason),
            ]
        case RuleOut(by=by, department=department, reason=reason):
            _decides(petition, consultation, by, facts)
            _doubtful(consultation, department)
            return [
                DepartmentRuledOut(petition.id, department, consultation.by),
                ReasonGiven(command.verb, reason),
            ]
        case Minute(by=by, org=org, text=text):
            if not consultation.called(org):
                _decides(petition, consultation, by, facts)
            return [MinuteWritten(by, text)]
    raise TypeError(command)


def follows(
    petition: Petition, events: Sequence[Event], now: datetime, facts: Surroundings
) -> list[Event]:
    """What else follows from what was decided: with the answer, or the petition's end, the
    consultation is over; what a level from the community up did not solve goes on the list.
    """
    more: list[Event] = []
    lowest = facts.consultation.lowest
    if petition.unsolved_since is None and any(_left_unsolved(e, lowest) for e in events):
        more.append(LeftUnsolved(now))
    consultation = petition.consultation
    if consultation is not None and consultation.open:
        because = next((_ENDS[type(event)] for event in events if type(event) in _ENDS), None)
        if because is not None:
            more.append(ConsultationConcluded(petition.id, because, consultation.by))
    return more


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """One part at a time: silence after the time to accept, a part that is late. Told once."""
    consultation = petition.consultation
    if consultation is None or not consultation.open:
        return []
    for part in consultation.parts:
        at = _due(part)
        if at is None or now < at:
            continue
        if part.status is PartStatus.CALLED:
            return [DepartmentSilent(petition.id, part.department, consultation.by, part.accept_by)]
        return [DepartmentLate(petition.id, part.department, consultation.by, at)]
    return []


def due(petition: Petition) -> datetime | None:
    """The earliest of what the departments owe."""
    consultation = petition.consultation
    if consultation is None or not consultation.open:
        return None
    moments = (_due(part) for part in consultation.parts)
    return min((moment for moment in moments if moment is not None), default=None)


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case ConsultationCalled(by=by, level=level, lead=lead):
            return changed(petition, consultation=Consultation(by, level, lead, ()))
        case LeftUnsolved(at=at):
            return changed(petition, unsolved_since=at)
    consultation = petition.consultation
    assert consultation is not None, "the others follow a call"
    match event:
        case DepartmentCalled(department=department, accept_by=accept_by, again=again):
            parts = (*consultation.parts, Part(department, accept_by, again=again))
            after = replace(consultation, parts=parts)
        case DepartmentAccepted(department=department, part_by=part_by):
            after = _set(consultation, department, PartStatus.ACCEPTED, part_by)
        case DepartmentRefused(department=department):
            after = _set(consultation, department, PartStatus.REFUSED)
        case DepartmentSilent(department=department):
            after = _set(consultation, department, PartStatus.SILENT)
        case DepartmentInsisted(department=department, part_by=part_by):
            after = _set(consultation, department, PartStatus.ACCEPTED, part_by)
        case DepartmentHandedOver(department=department, instead=instead):
            led = _with_lead(consultation, department, instead)
            after = _set(led, department, PartStatus.HANDED_OVER)
        case DepartmentRuledOut(department=department):
            led = _with_lead(consultation, department, None)
            after = _set(led, department, PartStatus.RULED_OUT)
        case DepartmentDelivered(department=department):
            after = _set(consultation, department, PartStatus.DELIVERED)
        case DepartmentLate(department=department):
            after = _set(consultation, department, PartStatus.LATE)
        case ConsultationConcluded():
            after = replace(consultation, open=False)
        case _:
            raise TypeError(event)
    return changed(petition, consultation=after)


def _call(command: Consult, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    if petition.consultation is not None and petition.consultation.open:
        raise Rejected("consultation-open", "departments are called together on it already")
    level = petition.level if command.by == petition.assignee else facts.standing
    lowest = facts.consultation.lowest
    if level is None or rank(level) < max(rank(petition.level), rank(lowest)):
        raise Rejected(
            "not-a-leader",
            f"departments are called by who has it, or has a duty there or above, from the "
            f"{lowest} up",
            level=lowest,
        )
    departments = command.departments
    if len(set(departments)) != len(departments) or not FEWEST <= len(departments) <= MOST:
        raise Rejected(
            "wrong-departments",
            f"call {FEWEST} to {MOST} departments, each once",
            fewest=FEWEST,
            most=MOST,
        )
    for department in departments:
        must_be_fit(department, facts.body(department))
        must_be_impartial(petition, department, facts)
    if command.lead not in departments:
        raise Rejected("lead-not-called", "the lead is one of the departments called")
    accept_by = facts.calendar.after(now, facts.consultation.accept_within)
    return [
        ConsultationCalled(
            petition=petition.id,
            by=command.by,
            level=level,
            place=petition.at,
            category=petition.category,
            lead=command.lead,
            departments=departments,
        ),
        *(DepartmentCalled(petition.id, department, accept_by) for department in departments),
        QuestionPut(command.by, command.question),
    ]


def _hand_over(
    petition: Petition,
    consultation: Consultation,
    department: str,
    instead: str,
    now: datetime,
    facts: Surroundings,
) -> list[Event]:
    part = _doubtful(consultation, department)
    if part.again:
        raise Rejected(
            "handed-over-before",
            "it was handed over to this department: insist, or rule the part out",
        )
    must_be_fit(instead, facts.body(instead))
    must_be_impartial(petition, instead, facts)
    if consultation.part(instead) is not None:
        raise Rejected("called-before", "that department is called already; name another")
    accept_by = facts.calendar.after(now, facts.consultation.accept_within)
    return [
        DepartmentHandedOver(petition.id, department, instead),
        DepartmentCalled(petition.id, instead, accept_by, again=True),
    ]


def _doubtful(consultation: Consultation, department: str) -> Part:
    part = consultation.part(department)
    if part is None:
        raise Rejected("no-such-part", "that department is not called on this petition")
    if part.status not in TO_DECIDE:
        raise Rejected(
            "nothing-to-decide",
            f"that part is {part.status}: decide when it is refused, silent or late",
            status=part.status,
        )
    return part


def _decides(petition: Petition, consultation: Consultation, by: str, facts: Surroundings) -> None:
    """The caller, who has it now, or somebody with a duty at the caller's level or above."""
    if by in (consultation.by, petition.assignee):
        return
    if facts.standing is not None and rank(facts.standing) >= rank(consultation.level):
        return
    raise Rejected("not-the-callers-level", "the level that called the departments decides this")


def _with_lead(consultation: Consultation, gone: str, lead: str | None) -> Consultation:
    """Where the lead is gone, another one leads, or none."""
    return replace(consultation, lead=lead) if consultation.lead == gone else consultation


def _set(
    consultation: Consultation,
    department: str,
    status: PartStatus,
    part_by: datetime | None = None,
) -> Consultation:
    parts = tuple(
        replace(part, status=status, part_by=part_by or part.part_by)
        if part.department == department
        else part
        for part in consultation.parts
    )
    return replace(consultation, parts=parts)


def _due(part: Part) -> datetime | None:
    if part.status is PartStatus.CALLED:
        return part.accept_by
    return part.part_by if part.status is PartStatus.ACCEPTED else None


def _left_unsolved(event: Event, lowest: Level) -> bool:
    """Handed up, or let pass, by the community or a level above it."""
    match event:
        case PetitionHandedUp(level=level) | PetitionOverdue(level=level, days=0):
            return rank(level) >= rank(lowest)
    return False
