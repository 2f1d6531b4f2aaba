"""An agreement of neighbours, as it is drafted, signed and kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import rfc8785

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    ClauseDraft,
    DraftAgreement,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_state import Agreement, Around
from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Party, Status
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.aggregate import Command, Tick
from tests.given import Given, given

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PARTIES = (
    Party("p1", "a", "wang", None, consent=Consent.AGREED),
    Party("p2", "b", "li", None, "lawyer", consent=Consent.AGREED),
)
DISPUTE = Dispute(
    "d1",
    Status.MEDIATING,
    DisputeKind.SHARED_SPACE,
    "350102",
    ("350102",),
    "wang",
    parties=PARTIES,
    people=("wang", "li", "lawyer"),
    mediator="chen",
    panel=("police",),
)
FAMILY = replace(DISPUTE, kind=DisputeKind.FAMILY)
"""Of a kind that leaves three days to think it over."""
REMOVES = ClauseDraft("p1", "把走廊里的纸箱搬走", NOW + 10 * DAY)
PAYS = ClauseDraft("p2", "付一半的清洁费", NOW + 20 * DAY, 12_000)
DRAFT = DraftAgreement("chen", "d1", (REMOVES, PAYS))


def around(dispute: Dispute | None = DISPUTE) -> Around:
    """What the rules are told."""
    return Around("d1.1", dispute, rfc8785.dumps)


def do(
    past: Given[Agreement],
    command: Command,
    at: datetime = NOW,
    dispute: Dispute | None = DISPUTE,
) -> Given[Agreement]:
    """It is done, whatever follows."""
    when = past.when(command, at=at, facts=around(dispute))
    return when.then(*when.events)


def drafted(dispute: Dispute = DISPUTE, draft: DraftAgreement = DRAFT) -> Given[Agreement]:
    """There is a version."""
    return do(given(agreement), draft, dispute=dispute)


def sign(past: Given[Agreement], signer: str) -> SignAgreement:
    """A signature of the present version."""
    return SignAgreement(signer, past.state.version, past.state.digest)


def signed(dispute: Dispute = DISPUTE, draft: DraftAgreement = DRAFT) -> Given[Agreement]:
    """All have signed at once."""
    past = drafted(dispute, draft)
    past = do(past, sign(past, "wang"), dispute=dispute)
    return do(past, sign(past, "lawyer"), dispute=dispute)


def later(past: Given[Agreement], at: datetime) -> Given[Agreement]:
    """Time passes, tick by tick, as the runtime's clock sends them."""
    now = NOW
    while (due := past.aggregate.due(past.state)) is not None and due <= at:
        now = max(now, due)
        after = do(past, Tick(), at=now)
        assert after.state != past.state, "a due time counts once"
        past = after
    return past
