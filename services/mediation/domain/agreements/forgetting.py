"""Forgetting: what goes of an agreement with somebody who is erased, and what the others keep.

What all have signed is the others' contract, too: they keep its text, in which a word stands for
the name of who was erased. Drafts, notes and what nobody is left for go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.agreements.agreement_events import (
    AgreementDropped,
    AgreementForgotten,
    AgreementMasked,
    AgreementServantForgotten,
    AgreementWorded,
)
from services.mediation.domain.agreements.agreement_state import Agreement, Status
from services.mediation.domain.masking import masked
from shared.contracts.event import Event
from shared.runtime.aggregate import Command

SIGNED_BY_ALL = frozenset({Status.SIGNED, Status.IN_FORCE, Status.KEPT, Status.BROKEN})


@dataclass(frozen=True, slots=True)
class ForgetAgreementOf(Command):
    """A person was erased. `words` are all that the dossier has of its versions."""

    person: str
    words: tuple[AgreementWorded, ...] = ()


def forgotten(command: ForgetAgreementOf, agreement: Agreement) -> list[Event]:
    """With a party all words go but those that the others signed, too. A draft is dropped. Of who
    was no party it is forgotten who they were.
    """
    person = command.person
    if person not in agreement.people:
        concerned = person in agreement.concerned
        return [AgreementServantForgotten(person)] if concerned else []
    dropped: list[Event] = [AgreementDropped()] if agreement.status is Status.DRAFTED else []
    return [*dropped, AgreementForgotten(person), *_kept(command, agreement)]


def _kept(command: ForgetAgreementOf, agreement: Agreement) -> list[Event]:
    theirs = {one.party for one in agreement.parties if one.person == command.person}
    others = [one for one in agreement.parties if one.party not in theirs]
    if agreement.status not in SIGNED_BY_ALL:
        return []
    if not any(one.person or one.organisation for one in others):
        return []  # nobody is left whose contract it is
    signed = next((one for one in command.words if one.version == agreement.version), None)
    if signed is None:
        return []
    names = [name for one in command.words for party, name in one.names if party in theirs]
    return [AgreementMasked(tuple(sorted(theirs))), _without(signed, theirs, names)]


def _without(signed: AgreementWorded, theirs: set[str], names: Sequence[str]) -> AgreementWorded:
    def clause(one: ClauseDraft) -> ClauseDraft:
        return replace(one, what=masked(one.what, names))

    return AgreementWorded(
        signed.version,
        tuple(clause(one) for one in signed.clauses),
        tuple(masked(one, names) for one in signed.open_points),
        tuple((party, masked(name, names)) for party, name in signed.names if party not in theirs),
    )
