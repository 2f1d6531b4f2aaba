"""Who is told what of disputes: an event, and each who is told with the kind."""

from datetime import UTC, datetime

from shared.contracts import mediation as m
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeKind,
    EndedBecause,
    Outcome,
    RiskKind,
)

D, N, PATH = "dp1", "n1", ("d", "s", "c", "n1")
LIN, CHEN, HU, FIRM, WANG = "r-lin", "r-chen", "r-hu", "o-firm", "s-wang"
UNTIL = datetime(2026, 3, 10, 4, tzinfo=UTC)
NOISE = DisputeKind.NOISE
BOTH = (LIN, CHEN)

CASES: list[tuple[Event, dict[str, str]]] = [
    (m.DisputeFiled(D, NOISE, N, PATH, LIN, BOTH, None, False), {}),
    (m.DisputeLinked(D, "pt1", N), {}),
    (m.PartyInvited(D, "p2", N, CHEN, None, UNTIL), {CHEN: "dispute-invited"}),
    (m.PartyInvited(D, "p2", N, None, FIRM, UNTIL), {FIRM: "dispute-invited"}),
    (m.PartyInvited(D, "p2", N, HU, FIRM, UNTIL), {HU: "dispute-invited"}),
    (m.PartyReminded(D, "p2", N, CHEN, None, UNTIL), {CHEN: "dispute-reminded"}),
    (m.PartyAgreed(D, "p2", N, CHEN, CHEN), {}),
    (m.PartyAgreed(D, "p2", N, CHEN, WANG), {CHEN: "dispute-recorded"}),
    (m.PartyDeclined(D, "p2", N, CHEN, (LIN,), CHEN), {LIN: "dispute-declined"}),
    (
        m.PartyDeclined(D, "p2", N, CHEN, (LIN,), WANG),
        {CHEN: "dispute-recorded", LIN: "dispute-declined"},
    ),
    (m.PartyLeft(D, "p2", N, CHEN, (LIN,), HU), {LIN: "dispute-left", HU: "dispute-left"}),
    (
        m.RepresentativeNamed(D, "p2", N, HU, LIN, CHEN),
        {HU: "dispute-speak", LIN: "dispute-speak-no-more"},
    ),
    (m.RepresentativeNamed(D, "p2", N, HU, None, HU), {}),
    (
        m.DisputeRiskRaised(D, RiskKind.VIOLENCE, N, PATH, LIN, "c", HU, WANG),
        {HU: "dispute-risk-police", WANG: "dispute-risk"},
    ),
    (m.DisputeRiskRaised(D, RiskKind.DAMAGE, N, PATH, LIN, "", None, WANG), {WANG: "dispute-risk"}),
    (
        m.DisputeBegun(D, NOISE, N, PATH, BOTH, UNTIL, None),
        {LIN: "dispute-begun", CHEN: "dispute-begun"},
    ),
    (
        m.DisputeNearsLimit(D, N, BOTH, HU, UNTIL),
        dict.fromkeys((*BOTH, HU), "dispute-near-limit"),
    ),
    (m.ExtensionProposed(D, N, LIN, (CHEN,), UNTIL), {CHEN: "dispute-extension-proposed"}),
    (m.ExtensionRefused(D, N, LIN, CHEN), {LIN: "dispute-extension-refused"}),
    (
        m.DisputeExtended(D, N, BOTH, HU, None, UNTIL),
        dict.fromkeys((*BOTH, HU), "dispute-extended"),
    ),
    (
        m.SettlementRecorded(D, N, 1, BOTH, HU),
        dict.fromkeys(BOTH, "dispute-settlement-recorded"),
    ),
    (m.SettlementObjectedTo(D, N, 1, LIN, HU), {HU: "dispute-settlement-objected"}),
    (
        m.DisputeEnded(
            D,
            NOISE,
            N,
            PATH,
            BOTH,
            HU,
            None,
            Outcome.SETTLED,
            EndedBecause.AGREEMENT,
            None,
            9,
        ),
        dict.fromkeys((*BOTH, HU), "dispute-ended"),
    ),
    (
        m.DisputeReopened(D, NOISE, N, PATH, BOTH, UNTIL),
        dict.fromkeys(BOTH, "dispute-reopened"),
    ),
    (m.FollowUpAsked(D, N, 1, BOTH, UNTIL), dict.fromkeys(BOTH, "dispute-holds-asked")),
    (m.SettlementHolds(D, NOISE, N, PATH, HU, 1), {HU: "dispute-holds"}),
    (
        m.SettlementNotHolding(D, NOISE, N, PATH, BOTH, HU, 1, CHEN, UNTIL),
        {LIN: "dispute-not-holding", HU: "dispute-not-holding"},
    ),
    (m.DisputeWaits(D, N, DisputeAwaits.MEDIATOR, "c", WANG), {WANG: "dispute-waits"}),
    (
        m.HotSpotRaised("n1:noise", NOISE, N, PATH, 3, 90, "c", WANG),
        {WANG: "dispute-hot-spot"},
    ),
]
