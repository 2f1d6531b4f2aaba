"""Which events lead to which commands of evidence."""

from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_commands import (
    ForgetEvidenceOf,
    LearnEvidenceCircle,
)
from services.mediation.views.evidence import evidence_around, evidence_in
from shared.contracts import community
from shared.contracts.mediation.disputes import (
    DisputeBegun,
    DisputeReopened,
    PartyAgreed,
    PartyDeclined,
    PartyLeft,
    RepresentativeNamed,
)
from shared.contracts.mediation.evidence import EvidenceFiled
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@reactions.on(EvidenceFiled)
async def look_again(event: EvidenceFiled, about: About, do: Do) -> None:
    """Somebody may have joined or left between the look at the dispute and the filing."""
    await do(evidence, event.evidence, LearnEvidenceCircle(event.dispute))


@reactions.on(
    DisputeBegun,
    DisputeReopened,
    PartyAgreed,
    PartyDeclined,
    PartyLeft,
    RepresentativeNamed,
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
async def learn_circle(
    event: DisputeBegun
    | DisputeReopened
    | PartyAgreed
    | PartyDeclined
    | PartyLeft
    | RepresentativeNamed
    | MediatorAppointed
    | MediatorReleased
    | PanelComplete
    | PanelMemberLeft,
    about: About,
    do: Do,
) -> None:
    """Somebody joined the dispute or left it: to whom evidence is open follows from that. The
    dispute itself has heard of it before: its reactions come first.
    """
    found = [id async for id, _ in do.find(evidence, evidence_in(event.dispute))]
    await do.many((evidence, id, LearnEvidenceCircle(event.dispute)) for id in found)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """What they filed goes with them; the digests stay."""
    found = [id async for id, _ in do.find(evidence, evidence_around(event.resident))]
    await do.many((evidence, id, ForgetEvidenceOf(event.resident)) for id in found)
