"""Keeping: clauses fall due, are reported done, confirmed or disputed; what is broken goes on in
mediation, before the court, or with the court's confirmation.
"""

from datetime import datetime

from services.mediation.domain.agreements.agreement_commands import (
    ConfirmDone,
    DisputeDone,
    ReportBreach,
    ReportDone,
    SeekConfirmation,
)
from services.mediation.domain.agreements.agreement_events import AgreementSaid
from services.mediation.domain.agreements.agreement_state import Agreement, Clause, Done
from services.mediation.domain.agreements.terms import (
    ANSWER_WITHIN,
    ASK_AGAIN_BEFORE,
    JUDICIAL_REMIND_BEFORE,
    REMIND_BEFORE,
)
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import (
    AgreementBroken,
    AgreementKept,
    BreachPath,
    ClauseConfirmationAsked,
    ClauseConfirmed,
    ClauseDisputed,
    ClauseDue,
    ClauseOverdue,
    ClauseReported,
    JudicialConfirmationEnding,
    JudicialConfirmationSought,
)
from shared.runtime.aggregate import Rejected


def reported(command: ReportDone, agreement: Agreement, now: datetime) -> list[Event]:
    """By who speaks for the party that had to do it; also again, after it was disputed."""
    n, clause = command.clause, _clause(agreement, command.clause)
    if command.by not in agreement.debtors(clause):
        raise Rejected("not-your-clause", "it is reported by the party that has to do it")
    if clause.done not in (Done.OPEN, Done.DISPUTED):
        raise _done_already()
    said: list[Event] = [AgreementSaid(command.verb, n, command.note)] if command.note else []
    asked, until = agreement.creditors(clause), now + ANSWER_WITHIN
    return [
        ClauseReported(agreement.agreement, agreement.dispute, n, command.by, asked, until),
        *said,
    ]


def confirmed(command: ConfirmDone, agreement: Agreement) -> list[Event]:
    """By the other side; with the last clause the agreement is kept."""
    clause = _reported(command.by, command.clause, agreement)
    return _counts_as_done(agreement, command.clause, clause, command.by)


def disputed(command: DisputeDone, agreement: Agreement) -> list[Event]:
    """By the other side: it can be reported again, or the agreement is broken."""
    n, clause = command.clause, _reported(command.by, command.clause, agreement)
    return [
        ClauseDisputed(
            agreement.agreement,
            agreement.dispute,
            n,
            command.by,
            agreement.debtors(clause),
            agreement.circle.mediator,
        ),
        AgreementSaid(command.verb, n, command.reason),
    ]


def broken(command: ReportBreach, agreement: Agreement, now: datetime) -> list[Event]:
    """By the other side or the mediator, once the time has passed or it is disputed."""
    n, clause = command.clause, _clause(agreement, command.clause)
    by = command.by
    if by != agreement.circle.mediator and by not in agreement.creditors(clause):
        raise Rejected("not-your-breach", "a breach is reported by the other side or the mediator")
    late = clause.done is Done.OPEN and clause.until <= now
    if clause.done is not Done.DISPUTED and not late:
        raise Rejected(
            "not-broken", "it is broken when its time has passed, or what was reported is disputed"
        )
    if command.path is BreachPath.JUDICIAL and not _judicial(agreement, now):
        raise _too_late_for_court()
    said: list[Event] = [AgreementSaid(command.verb, n, command.reason)] if command.reason else []
    return [
        AgreementBroken(
            agreement.agreement,
            agreement.dispute,
            n,
            command.path,
            by,
            agreement.holders,
            agreement.circle.mediator,
        ),
        *said,
    ]


def sought(command: SeekConfirmation, agreement: Agreement, now: datetime) -> list[Event]:
    """They need not be reminded of it any more."""
    if agreement.judicial_sought:
        return []
    if not _judicial(agreement, now):
        raise _too_late_for_court()
    return [
        JudicialConfirmationSought(
            agreement.agreement, agreement.dispute, command.by, agreement.holders
        )
    ]


# --- time ----------------------------------------------------------------------------------------


def due(agreement: Agreement) -> list[datetime]:
    """When something of what is in force wants attention."""
    moments = [moment for one in agreement.clauses if (moment := _due(one)) is not None]
    if (judicial := _judicial_reminder(agreement)) is not None:
        moments.append(judicial)
    return moments


def passed(agreement: Agreement, now: datetime) -> list[Event]:
    """What follows from time: reminders, what is overdue, what counts as done."""
    events: list[Event] = []
    silent: list[int] = []
    for n, clause in enumerate(agreement.clauses, start=1):
        moment = _due(clause)
        if moment is None or moment > now:
            continue
        if clause.answer_by is not None and clause.answer_by <= now:
            silent.append(n)
        else:
            events.append(_told(agreement, n, clause, now))
    judicial = _judicial_reminder(agreement)
    if judicial is not None and judicial <= now and agreement.judicial_until is not None:
        events.append(
            JudicialConfirmationEnding(
                agreement.agreement,
                agreement.dispute,
                agreement.judicial_until,
                agreement.holders,
            )
        )
    return [*events, *_silence(agreement, silent)]


def _due(clause: Clause) -> datetime | None:
    if clause.done is Done.REPORTED and clause.answer_by is not None:
        return clause.answer_by if clause.asked_again else clause.answer_by - ASK_AGAIN_BEFORE
    if clause.done is Done.OPEN and not clause.late:
        return clause.until if clause.told else clause.until - REMIND_BEFORE
    return None


def _told(agreement: Agreement, n: int, clause: Clause, now: datetime) -> Event:
    ids, debtors = (agreement.agreement, agreement.dispute, n), agreement.debtors(clause)
    if clause.answer_by is not None:
        return ClauseConfirmationAsked(*ids, agreement.creditors(clause), clause.answer_by)
    if clause.until <= now:
        mediator = agreement.circle.mediator
        return ClauseOverdue(*ids, clause.until, debtors, agreement.holders, mediator)
    return ClauseDue(*ids, clause.until, debtors)


def _silence(agreement: Agreement, clauses: list[int]) -> list[Event]:
    """Nobody has objected in time to what was reported."""
    left = _unconfirmed(agreement)
    events: list[Event] = [
        ClauseConfirmed(
            agreement.agreement,
            agreement.dispute,
            n,
            None,
            agreement.debtors(agreement.clauses[n - 1]),
        )
        for n in clauses
    ]
    if clauses and left == set(clauses):
        events.append(_kept(agreement))
    return events


def _judicial_reminder(agreement: Agreement) -> datetime | None:
    if agreement.judicial_told or agreement.judicial_sought or agreement.judicial_until is None:
        return None
    return agreement.judicial_until - JUDICIAL_REMIND_BEFORE


# --- what several need ---------------------------------------------------------------------------


def _clause(agreement: Agreement, n: int) -> Clause:
    if n > len(agreement.clauses):
        count = len(agreement.clauses)
        raise Rejected("unknown-clause", f"this agreement has {count} clauses", count=count)
    return agreement.clauses[n - 1]


def _reported(by: str, n: int, agreement: Agreement) -> Clause:
    clause = _clause(agreement, n)
    if by not in agreement.creditors(clause):
        raise Rejected("own-clause", "whether it is done the other side says")
    if clause.done is Done.CONFIRMED:
        raise _done_already()
    if clause.done is not Done.REPORTED:
        raise Rejected("not-reported", "nobody has reported that it is done")
    return clause


def _counts_as_done(agreement: Agreement, n: int, clause: Clause, by: str | None) -> list[Event]:
    events: list[Event] = [
        ClauseConfirmed(agreement.agreement, agreement.dispute, n, by, agreement.debtors(clause))
    ]
    if _unconfirmed(agreement) == {n}:
        events.append(_kept(agreement))
    return events


def _unconfirmed(agreement: Agreement) -> set[int]:
    clauses = enumerate(agreement.clauses, start=1)
    return {n for n, one in clauses if one.done is not Done.CONFIRMED}


def _kept(agreement: Agreement) -> AgreementKept:
    return AgreementKept(
        agreement.agreement,
        agreement.dispute,
        agreement.digest,
        agreement.holders,
        agreement.circle.mediator,
    )


def _judicial(agreement: Agreement, now: datetime) -> bool:
    return agreement.judicial_until is not None and now < agreement.judicial_until


def _done_already() -> Rejected:
    return Rejected("clause-done", "this clause was reported or confirmed already")


def _too_late_for_court() -> Rejected:
    return Rejected(
        "judicial-too-late", "judicial confirmation is applied for within 30 days of the agreement"
    )
