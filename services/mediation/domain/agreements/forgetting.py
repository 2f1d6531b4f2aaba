"""Forgetting: what goes of an agreement with somebody who is erased, and what the others keep.

What all have signed is the others' contract, too: they keep its text, in which a word stands for
the name of who was erased. Drafts, notes and what nobody is left for go.
"""

from collections.abc import Iterable
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
from shared.contracts.event import Event
from shared.runtime.aggregate import Command

MASK = "某某"
"""Stands for a name in what the others keep."""
SHORTEST_NAME = 2
"""Characters: a shorter one would be found in words that are no name."""
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
    return [AgreementMasked(tuple(sorted(theirs))), _masked(signed, theirs, names)]


def _masked(signed: AgreementWorded, theirs: set[str], names: Iterable[str]) -> AgreementWorded:
    # The longest first: one name may be the beginning of another.
    found = sorted({one for one in names if len(one) >= SHORTEST_NAME}, key=len, reverse=True)

    def without(text: str) -> str:
        for name in found:
            text = text.replace(name, MASK)
        return text

    def clause(one: ClauseDraft) -> ClauseDraft:
        return replace(one, what=without(one.what))

    return AgreementWorded(
        signed.version,
        tuple(clause(one) for one in signed.clauses),
        tuple(without(one) for one in signed.open_points),
        tuple((party, without(name)) for party, name in signed.names if party not in theirs),
    )
