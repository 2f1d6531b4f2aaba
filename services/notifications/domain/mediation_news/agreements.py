"""Who is told what of agreements (调解协议): what is to be done by when, never what was agreed.

Whoever did something themselves is not told of it.
"""

from collections.abc import Iterable
from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import mediation
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case mediation.AgreementDrafted() as e:
            return [
                *_each(e.holders, "agreement-to-sign", but_not=e.by, dispute=e.dispute),
                to(e.mediator, "agreement-drafted", but_not=e.by, dispute=e.dispute),
            ]
        case mediation.AgreementSigned(until=None):
            return []  # in force at once: that is told
        case mediation.AgreementSigned() as e:
            told = (*e.holders, e.mediator)
            return _each(told, "agreement-signed", dispute=e.dispute, until=e.until)
        case mediation.AgreementRevoked() as e:
            told = (*e.holders, e.mediator)
            return _each(told, "agreement-revoked", but_not=e.by, dispute=e.dispute)
        case mediation.AgreementInForce() as e:
            told = (*e.holders, e.mediator)
            kind = "agreement-in-force" if e.whole else "agreement-in-force-partly"
            return _each(told, kind, dispute=e.dispute, until=e.judicial_until)
        case mediation.AgreementKept() as e:
            return _each((*e.holders, e.mediator), "agreement-kept", dispute=e.dispute)
        case mediation.AgreementBroken() as e:
            told, because = (*e.holders, e.mediator), f"breach-{e.path.value}"
            kind = "agreement-broken"
            return _each(told, kind, but_not=e.by, **_clause(e), because=because)
        case mediation.JudicialConfirmationEnding() as e:
            return _each(e.holders, "judicial-ending", dispute=e.dispute, until=e.until)
        case mediation.JudicialConfirmationSought() as e:
            return _each(e.holders, "judicial-sought", but_not=e.by, dispute=e.dispute)
    return _of_clauses(event)


def _of_clauses(event: Event) -> list[Telling | None]:
    match event:
        case mediation.ClauseDue() as e:
            return _each(e.debtors, "clause-due", **_clause(e), until=e.until)
        case mediation.ClauseOverdue() as e:
            told = (*e.holders, e.mediator)
            return [
                *_each(e.debtors, "clause-overdue-yours", **_clause(e), until=e.until),
                *_each(told, "clause-overdue", **_clause(e), until=e.until),
            ]
        case mediation.ClauseReported() as e:
            return _each(e.asked, "clause-reported", **_clause(e), until=e.until)
        case mediation.ClauseConfirmationAsked() as e:
            return _each(e.asked, "clause-asked-again", **_clause(e), until=e.until)
        case mediation.ClauseConfirmed() as e:
            return _each(e.debtors, "clause-confirmed", **_clause(e))
        case mediation.ClauseDisputed() as e:
            return [
                *_each(e.debtors, "clause-disputed-yours", **_clause(e)),
                *_each((e.mediator,), "clause-disputed", **_clause(e)),
            ]
    return []


def _clause(event: Any) -> dict[str, Any]:
    return {"dispute": event.dispute, "clause": event.clause}


def _each(people: Iterable[str | None], kind: str, **rest: Any) -> list[Telling | None]:
    return [to(one, kind, **rest) for one in people]
