"""Which events lead to which commands of agreements."""

import msgspec

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    DropAgreement,
    LearnAgreementCircle,
)
from services.mediation.domain.agreements.agreement_events import AgreementWorded
from services.mediation.domain.agreements.forgetting import ForgetAgreementOf
from services.mediation.views.agreements import agreements_in, agreements_of
from shared.contracts import community
from shared.contracts.mediation.agreements import AgreementDrafted
from shared.contracts.mediation.disputes import (
    DisputeEnded,
    PartyLeft,
    RepresentativeNamed,
)
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@reactions.on(AgreementDrafted)
async def look_again(event: AgreementDrafted, about: About, do: Do) -> None:
    """Somebody may have joined or left between the look at the dispute and the draft."""
    await do(agreement, event.agreement, LearnAgreementCircle())


@reactions.on(
    PartyLeft,
    RepresentativeNamed,
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
async def learn_circle(
    event: PartyLeft
    | RepresentativeNamed
    | MediatorAppointed
    | MediatorReleased
    | PanelComplete
    | PanelMemberLeft,
    about: About,
    do: Do,
) -> None:
    """Somebody else speaks for a party, mediates, or sits on the panel."""
    found = [id async for id, _ in do.find(agreement, agreements_in(event.dispute))]
    await do.many((agreement, id, LearnAgreementCircle()) for id in found)


@reactions.on(DisputeEnded)
async def drop_draft(event: DisputeEnded, about: About, do: Do) -> None:
    """What was only drafted is signed no more."""
    found = [id async for id, _ in do.find(agreement, agreements_in(event.dispute))]
    await do.many((agreement, id, DropAgreement()) for id in found)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """The words of what they were a party of go with them, but for what the others signed, too; the
    digests stay.
    """
    found = [id async for id, _ in do.find(agreement, agreements_of(event.resident))]
    told = {id: await _words(id, do) for id in found}
    await do.many(
        (agreement, id, ForgetAgreementOf(event.resident, words)) for id, words in told.items()
    )


async def _words(id: str, do: Do) -> tuple[AgreementWorded, ...]:
    entries = await do.dossier(agreement, id)
    name = AgreementWorded.__name__
    return tuple(msgspec.convert(one.data, AgreementWorded) for one in entries if one.name == name)
