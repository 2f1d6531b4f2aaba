"""What other events lead to in disputes."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    LearnBroken,
    LearnInForce,
    LearnKept,
    LearnLink,
    LearnMediator,
    LearnMediatorGone,
    LearnPanel,
    LearnRevoked,
    LearnSeatEmpty,
    LearnSigned,
)
from services.mediation.domain.disputes.dispute_events import (
    PartyContactGiven,
    SettlementWritten,
)
from services.mediation.domain.disputes.forgetting import ForgetPerson
from services.mediation.domain.disputes.hot_spot import CountDispute, hot_spot
from services.mediation.views.disputes import BELONGS_TO, all_disputes_of
from shared.contracts import community, petitions
from shared.contracts.event import Personal
from shared.contracts.mediation.agreements import (
    AgreementBroken,
    AgreementInForce,
    AgreementKept,
    AgreementRevoked,
    AgreementSigned,
    BreachPath,
)
from shared.contracts.mediation.disputes import DisputeFiled
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import place
from shared.runtime.journal import DossierEntry
from shared.runtime.reactions import About, Do, Reactions

P = TypeVar("P", bound=Personal)

reactions = Reactions()

WATCHED = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.GRID})
"""Similar disputes are counted in places of this size."""


@reactions.on(petitions.PetitionSentToMediation)
async def learn_link(event: petitions.PetitionSentToMediation, about: About, do: Do) -> None:
    """The petition says that the dispute came out of it."""
    await do(dispute, event.dispute, LearnLink(event.petition))


@reactions.on(DisputeFiled)
async def watch(event: DisputeFiled, about: About, do: Do) -> None:
    """Similar disputes in the neighbourhood are counted, or where there is none in the place."""
    where, path = event.place, event.path
    for n, code in enumerate(event.path, 1):
        known = await do.get(place, code)
        if known is not None and known.kind in WATCHED:
            where, path = code, event.path[:n]
            break
    counted = CountDispute(event.kind, where, path, about.time)
    await do(hot_spot, f"{where}:{event.kind.value}", counted)


# --- who mediates --------------------------------------------------------------------------------


@reactions.on(MediatorAppointed)
async def learn_mediator(event: MediatorAppointed, about: About, do: Do) -> None:
    """Somebody mediates."""
    await do(dispute, event.dispute, LearnMediator(event.mediator))


@reactions.on(MediatorReleased)
async def learn_mediator_gone(event: MediatorReleased, about: About, do: Do) -> None:
    """Another has to."""
    await do(dispute, event.dispute, LearnMediatorGone(event.mediator))


@reactions.on(PanelComplete)
async def learn_panel(event: PanelComplete, about: About, do: Do) -> None:
    """Who sits on it."""
    await do(dispute, event.dispute, LearnPanel(event.members))


@reactions.on(PanelMemberLeft)
async def learn_seat_empty(event: PanelMemberLeft, about: About, do: Do) -> None:
    """Somebody sits there no more."""
    await do(dispute, event.dispute, LearnSeatEmpty(event.person))


# --- what was agreed -----------------------------------------------------------------------------


@reactions.on(AgreementSigned)
async def learn_signed(event: AgreementSigned, about: About, do: Do) -> None:
    """The clock stops."""
    await do(dispute, event.dispute, LearnSigned(event.agreement))


@reactions.on(AgreementInForce)
async def learn_in_force(event: AgreementInForce, about: About, do: Do) -> None:
    """The dispute has ended with it."""
    await do(dispute, event.dispute, LearnInForce(event.agreement, event.whole))


@reactions.on(AgreementRevoked)
async def learn_revoked(event: AgreementRevoked, about: About, do: Do) -> None:
    """Mediation goes on."""
    await do(dispute, event.dispute, LearnRevoked(event.agreement))


@reactions.on(AgreementKept)
async def learn_kept(event: AgreementKept, about: About, do: Do) -> None:
    """It holds."""
    await do(dispute, event.dispute, LearnKept(event.agreement))


@reactions.on(AgreementBroken)
async def learn_broken(event: AgreementBroken, about: About, do: Do) -> None:
    """It does not hold."""
    again = event.path is BreachPath.REOPEN
    await do(dispute, event.dispute, LearnBroken(event.agreement, again))


# --- who is erased -------------------------------------------------------------------------------


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """A party that is erased has left."""
    # One may stand in several places of a dispute, and a dispute hears of it once.
    theirs: dict[str, None] = {}
    for field in BELONGS_TO:
        found = do.find(dispute, all_disputes_of(field, event.resident))
        theirs |= {id: None async for id, _ in found}
    told = [(id, await _forget(event.resident, id, do)) for id in theirs]
    await do.many((dispute, id, command) for id, command in told)


async def _forget(person: str, id: str, do: Do) -> ForgetPerson:
    """With what of its words the others may keep, and the names to be taken out of it."""
    entries = await do.dossier(dispute, id)
    return ForgetPerson(
        person,
        tuple(_read(entries, SettlementWritten)),
        tuple(_read(entries, PartyContactGiven)),
    )


def _read(entries: Sequence[DossierEntry], kind: type[P]) -> list[P]:
    return [msgspec.convert(one.data, kind) for one in entries if one.name == kind.__name__]
