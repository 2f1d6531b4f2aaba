"""Filing: who files for whom, who is asked, who speaks, and whom the police hear of."""

from dataclasses import replace

import pytest

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    ConsentHow,
    InviteParties,
    NamedParty,
    NameRepresentative,
    RaiseRisk,
    TellDispute,
    Told,
)
from services.mediation.domain.disputes.dispute_events import (
    ConsentRecorded,
    DisputeReasonGiven,
    DisputeTold,
    DisputeWaitsUntil,
    MediatorKnown,
    Named,
    PartiesNamed,
    PartyContactGiven,
)
from services.mediation.domain.disputes.dispute_state import Around, Consent, Status
from services.mediation.domain.disputes.filing import MOST_PEOPLE
from shared.contracts.mediation import (
    DisputeFiled,
    DisputeRiskRaised,
    DisputeWaits,
    RepresentativeNamed,
)
from shared.contracts.mediation.disputes import DisputeAwaits, DisputeKind, RiskKind
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.mediation.disputes.stories import (
    AROUND,
    BEFORE,
    CHEN,
    DAY,
    FIRM,
    INVITED,
    LIN,
    MANAGER,
    MEDIATING,
    MEDIATOR,
    NOW,
    OF_TWO,
    OFFICE,
    PATH,
    POLICE,
    SPOKEN,
    WORDS,
    WORKER,
    ZHAO,
    A,
    B,
    agreed,
    file,
    filed,
    invited,
)


def raised(kind: RiskKind = RiskKind.VIOLENCE, by: str = LIN) -> DisputeRiskRaised:
    return DisputeRiskRaised("d1", kind, "n", PATH, by, "c", POLICE, OFFICE)


def test_who_files_has_agreed_and_the_others_are_asked() -> None:
    known = (
        given(dispute)
        .when(file(), facts=AROUND)
        .then(filed(LIN, CHEN), OF_TWO, agreed("p1", LIN), invited(), WORDS)
    )
    state = known.state
    assert state.status is Status.INVITED
    assert state.speakers() == (LIN, CHEN) == state.people
    assert (state.side_of(LIN), state.side_of(CHEN), state.side_of(ZHAO)) == ("a", "b", None)
    assert [one.consent for one in state.parties] == [Consent.AGREED, Consent.OPEN]
    known.when(file(), facts=AROUND).then_rejected("dispute-filed")


def test_names_and_telephones_are_words() -> None:
    chen = NamedParty(B, CHEN, name="陈先生", phone="13800138000")
    contact = PartyContactGiven("p2", "陈先生", "13800138000", None)
    given(dispute).when(file(NamedParty(A, LIN), chen), facts=AROUND).then_among(WORDS, contact)


@pytest.mark.parametrize(
    ("around", "code"),
    [
        (Around("d1"), "unknown-place"),
        (replace(AROUND, closed=True), "place-closed"),
        (replace(AROUND, kind=PlaceKind.UNIT), "dispute-too-close"),
        (replace(AROUND, kind=PlaceKind.BUILDING), "dispute-too-close"),
    ],
)
def test_a_dispute_lies_in_an_open_place_that_is_no_door(around: Around, code: str) -> None:
    given(dispute).when(file(), facts=around).then_rejected(code)


@pytest.mark.parametrize(
    ("parties", "code"),
    [
        ((NamedParty(A, LIN), NamedParty(A, CHEN)), "two-sides"),
        ((NamedParty(A, LIN),), "two-sides"),
        ((NamedParty(A, LIN), NamedParty(B)), "party-one-of"),
        ((NamedParty(A, LIN), NamedParty(B, CHEN, FIRM)), "party-one-of"),
        ((NamedParty(A, LIN), NamedParty(B, CHEN), NamedParty(B, CHEN)), "party-twice"),
        ((NamedParty(A, LIN, representative=CHEN), NamedParty(B, CHEN)), "both-sides"),
        ((NamedParty(A, ZHAO), NamedParty(B, CHEN)), "not-in-it"),
        ((NamedParty(A, ZHAO, representative=LIN), NamedParty(B, CHEN)), "not-in-it"),
        (
            (NamedParty(A, LIN), NamedParty(B, CHEN, representative=ZHAO)),
            "representative-of-others",
        ),
    ],
)
def test_parties_stand_on_two_sides_each_once(parties: tuple[NamedParty, ...], code: str) -> None:
    given(dispute).when(file(*parties), facts=AROUND).then_rejected(code)


def test_staff_file_for_a_party_that_has_agreed() -> None:
    command = file(by=WORKER, on_behalf=True, for_party=2, consent=SPOKEN)
    given(dispute).when(command, facts=AROUND).then(
        DisputeFiled("d1", DisputeKind.NOISE, "n", PATH, WORKER, (LIN, CHEN), None, False),
        replace(OF_TWO, filed_for="p2"),
        ConsentRecorded("p2", "spoken", BEFORE),
        agreed("p2", CHEN, WORKER),
        invited("p1", LIN),
        replace(WORDS, party="p2"),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consent": None}, "consent-needed"),
        ({"consent": Told(ConsentHow.WRITTEN, NOW + DAY)}, "consent-later"),
        ({"consent": Told(ConsentHow.WRITTEN, NOW.replace(tzinfo=None))}, "consent-later"),
        ({"by": CHEN}, "not-for-oneself"),
        ({"for_party": 3}, "unknown-party"),
    ],
)
def test_staff_file_for_nobody_without_consent(changes: dict[str, object], code: str) -> None:
    fields = {"by": WORKER, "on_behalf": True, "consent": SPOKEN, **changes}
    given(dispute).when(file(**fields), facts=AROUND).then_rejected(code)  # type: ignore[arg-type]


def test_who_acts_for_an_organisation_files_and_speaks_for_it() -> None:
    parties = (NamedParty(A, organisation=FIRM), NamedParty(B, CHEN))
    firm = Named("p1", "a", None, FIRM, MANAGER, None)
    known = (
        given(dispute)
        .when(file(*parties, by=MANAGER, org=FIRM), facts=AROUND)
        .then_among(PartiesNamed((firm, OF_TWO.parties[1]), "p1", NOW), agreed("p1", MANAGER))
    )
    assert known.state.speakers() == (MANAGER, CHEN)


AGAINST_FIRM = given(dispute).when(
    file(NamedParty(A, LIN), NamedParty(B, organisation=FIRM)), facts=AROUND
)


def test_an_organisation_is_asked_before_anybody_speaks_for_it() -> None:
    known = AGAINST_FIRM.then_among(invited("p2", None, FIRM))
    known.when(AgreeToMediate(MANAGER, "o-other"), facts=AROUND).then_rejected("answered-before")
    taken = known.when(AgreeToMediate(MANAGER, FIRM), facts=AROUND).then_among(
        RepresentativeNamed("d1", "p2", "n", MANAGER, None, MANAGER),
        agreed("p2", MANAGER),
    )
    assert taken.state.status is Status.MEDIATING
    assert MANAGER in taken.state.people
    known.when(AgreeToMediate(LIN, FIRM), facts=AROUND).then_rejected("both-sides")


def test_staff_name_who_speaks_for_an_organisation_while_nobody_does() -> None:
    known = AGAINST_FIRM.then_among(invited("p2", None, FIRM))
    named = known.when(NameRepresentative(WORKER, None, "p2", MANAGER), facts=AROUND).then(
        RepresentativeNamed("d1", "p2", "n", MANAGER, None, WORKER)
    )
    named.when(NameRepresentative(WORKER, None, "p2", ZHAO), facts=AROUND).then_rejected(
        "not-your-party"
    )
    named.when(NameRepresentative(ZHAO, FIRM, "p2", ZHAO), facts=AROUND).then(
        RepresentativeNamed("d1", "p2", "n", ZHAO, MANAGER, ZHAO)
    )
    known.when(NameRepresentative(LIN, None, "p2", ZHAO), facts=AROUND).then_rejected(
        "not-your-party"
    )


def test_a_party_names_and_changes_who_speaks_for_it() -> None:
    known = given(dispute, *MEDIATING, MediatorKnown(MEDIATOR))
    named = known.when(NameRepresentative(CHEN, None, "p2", ZHAO), facts=AROUND).then(
        RepresentativeNamed("d1", "p2", "n", ZHAO, None, CHEN)
    )
    assert named.state.speakers() == (LIN, CHEN, ZHAO)
    again = named.when(NameRepresentative(CHEN, None, "p2", MANAGER), facts=AROUND).then(
        RepresentativeNamed("d1", "p2", "n", MANAGER, ZHAO, CHEN)
    )
    assert again.state.speakers() == (LIN, CHEN, MANAGER)
    assert ZHAO in again.state.people
    again.when(NameRepresentative(CHEN, None, "p2", MANAGER), facts=AROUND).then()
    for person, code in [(LIN, "both-sides"), (MEDIATOR, "mediates-it")]:
        known.when(NameRepresentative(CHEN, None, "p2", person), facts=AROUND).then_rejected(code)
    known.when(NameRepresentative(CHEN, None, "p9", ZHAO), facts=AROUND).then_rejected(
        "unknown-party"
    )


def test_speakers_have_an_end() -> None:
    known = given(dispute, *MEDIATING)
    for n in range(MOST_PEOPLE - 2):
        known = known.when(NameRepresentative(CHEN, None, "p2", f"r-{n}"), facts=AROUND).then(
            RepresentativeNamed("d1", "p2", "n", f"r-{n}", f"r-{n - 1}" if n else None, CHEN)
        )
    known.when(NameRepresentative(CHEN, None, "p2", ZHAO), facts=AROUND).then_rejected(
        "too-many-speakers"
    )


def test_with_a_risk_the_police_are_told_and_nobody_is_asked_before_staff_have_looked() -> None:
    known = (
        given(dispute)
        .when(file(risk=RiskKind.VIOLENCE), facts=AROUND)
        .then(
            filed(LIN, CHEN, risk=True),
            OF_TWO,
            agreed("p1", LIN),
            raised(),
            DisputeWaitsUntil("invitation", NOW + DAY),
            WORDS,
        )
    )
    assert known.state.status is Status.FILED
    assert dispute.due(known.state) == NOW + DAY
    known.when(AgreeToMediate(CHEN, None), facts=AROUND).then_rejected("dispute-wrong-moment")
    late = known.when(Tick(), at=NOW + DAY, facts=AROUND).then(
        DisputeWaits("d1", "n", DisputeAwaits.INVITATION, "c", OFFICE)
    )
    assert dispute.due(late.state) is None
    asked = late.when(InviteParties(WORKER), facts=AROUND).then(invited())
    assert asked.state.status is Status.INVITED
    assert asked.state.late is None


def test_a_risk_can_be_raised_at_any_time() -> None:
    threat = DisputeReasonGiven("raise-risk", CHEN, "他说要动手")
    known = (
        given(dispute, *INVITED)
        .when(RaiseRisk(CHEN, RiskKind.VIOLENCE, "他说要动手"), facts=AROUND)
        .then(raised(by=CHEN), threat)
    )
    assert known.state.status is Status.INVITED
    known.when(RaiseRisk(LIN, RiskKind.DAMAGE), facts=AROUND).then(raised(RiskKind.DAMAGE))
    nobody = replace(AROUND, police=None, police_at="")
    known.when(RaiseRisk(LIN, RiskKind.DAMAGE), facts=nobody).then(
        DisputeRiskRaised("d1", RiskKind.DAMAGE, "n", PATH, LIN, "", None, OFFICE)
    )


def test_each_tells_it_in_their_own_words() -> None:
    known = given(dispute, *INVITED)
    known.when(TellDispute(CHEN, "孩子生病"), facts=AROUND).then(DisputeTold("p2", "", "孩子生病"))
    known.when(TellDispute(MEDIATOR, "见面谈"), facts=AROUND).then(DisputeTold(None, "", "见面谈"))


def test_what_was_not_filed_is_unknown() -> None:
    given(dispute).when(RaiseRisk(LIN, RiskKind.DAMAGE), facts=AROUND).then_rejected(
        "unknown-dispute"
    )
