"""Drafting and signing: every version anew, by every party, with the digest of what it says."""

from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given as held_for
from hypothesis import settings
from hypothesis import strategies as st

from services.mediation.domain.agreements.agreement import agreement, due
from services.mediation.domain.agreements.agreement_commands import (
    DropAgreement,
    LearnAgreementCircle,
    RevokeAgreement,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_events import (
    AgreementForgotten,
    AgreementMasked,
    AgreementOutlined,
    AgreementPartySigned,
    AgreementWorded,
    Bound,
    Term,
)
from services.mediation.domain.agreements.agreement_state import Agreement, Status
from services.mediation.domain.agreements.document import document
from services.mediation.domain.agreements.forgetting import ForgetAgreementOf
from services.mediation.domain.agreements.terms import COOLING_OFF, JUDICIAL_WITHIN, MOST_VERSIONS
from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute_state import Consent, Party
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from shared.contracts.mediation.agreements import (
    AgreementDrafted,
    AgreementInForce,
    AgreementRevoked,
    AgreementSigned,
)
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.mediation.agreements.stories import (
    DAY,
    DISPUTE,
    DRAFT,
    FAMILY,
    NOW,
    PARTIES,
    PAYS,
    REMOVES,
    around,
    do,
    drafted,
    later,
    sign,
    signed,
)

HOLDERS = ("wang", "li", "lawyer")


def test_a_version_is_known_by_the_digest_of_its_document() -> None:
    written = document(
        agreement="d1.1",
        version=1,
        dispute="d1",
        kind=DisputeKind.SHARED_SPACE,
        drafted_at=NOW,
        cooling_off_days=0,
        mediator="chen",
        parties=(Bound("p1", "a", "wang", None), Bound("p2", "b", "li", None)),
        names={"p1": "王芳"},
        clauses=(REMOVES, PAYS),
        open_points=("门口的鞋柜",),
    )
    assert written == {
        "type": "cn.jinlin.mediation.settlement.v1",
        "agreement": "d1.1",
        "version": 1,
        "dispute": "d1",
        "kind": "shared-space",
        "drafted_at": "2026-03-02T01:00:00.000Z",
        "cooling_off_days": 0,
        "mediator": "chen",
        "parties": [
            {"party": "p1", "side": "a", "subject": "wang", "organisation": None, "name": "王芳"},
            {"party": "p2", "side": "b", "subject": "li", "organisation": None, "name": None},
        ],
        "clauses": [
            {
                "clause": 1,
                "party": "p1",
                "what": "把走廊里的纸箱搬走",
                "until": "2026-03-12T01:00:00.000Z",
                "cents": None,
            },
            {
                "clause": 2,
                "party": "p2",
                "what": "付一半的清洁费",
                "until": "2026-03-22T01:00:00.000Z",
                "cents": 12000,
            },
        ],
        "whole": False,
        "open_points": ["门口的鞋柜"],
    }
    draft = replace(DRAFT, open_points=("门口的鞋柜",), names=(("p1", "王芳"), ("p9", "谁")))
    given(agreement).when(draft, at=NOW, facts=around()).then(
        AgreementDrafted("d1.1", "d1", 1, "chen", HOLDERS, "chen"),
        AgreementOutlined(
            DisputeKind.SHARED_SPACE,
            (Bound("p1", "a", "wang", None), Bound("p2", "b", "li", None)),
            (Term("p1", REMOVES.until, None), Term("p2", PAYS.until, 12_000)),
            False,
            0,
            sha256(rfc8785.dumps(written)).hexdigest(),
            NOW,
            circle_of(DISPUTE),
        ),
        AgreementWorded(1, (REMOVES, PAYS), ("门口的鞋柜",), (("p1", "王芳"),)),
    )


@pytest.mark.parametrize("status", [one for one in DisputeStatus if one != "mediating"])
def test_it_is_made_while_mediation_goes_on(status: DisputeStatus) -> None:
    other = replace(DISPUTE, status=status)
    when = given(agreement).when(DRAFT, at=NOW, facts=around(other))
    when.then_rejected("dispute-not-mediating")
    past = drafted()
    when = past.when(sign(past, "wang"), at=NOW, facts=around(other))
    when.then_rejected("dispute-not-mediating")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, drafter="police"), "not-to-draft"),
        (replace(DRAFT, drafter="zhou"), "not-to-draft"),
        (replace(DRAFT, clauses=()), "no-clauses"),
        (replace(DRAFT, clauses=(replace(PAYS, party="p3"),)), "clause-of-nobody"),
        (replace(DRAFT, clauses=(replace(PAYS, until=NOW),)), "clause-due-too-early"),
        (replace(DRAFT, clauses=(replace(PAYS, until=NOW + 2000 * DAY),)), "clause-due-too-late"),
    ],
)
def test_what_no_version_is(draft: object, code: str) -> None:
    given(agreement).when(draft, at=NOW, facts=around()).then_rejected(code)  # type: ignore[arg-type]


def test_where_there_is_time_to_think_nothing_is_due_in_it() -> None:
    early = replace(DRAFT, clauses=(replace(PAYS, until=NOW + 3 * DAY),))
    given(agreement).when(early, at=NOW, facts=around(FAMILY)).then_rejected("clause-due-too-early")


def test_versions_have_an_end() -> None:
    past = drafted()
    for _ in range(MOST_VERSIONS - 1):
        past = do(past, DRAFT)
    past.when(DRAFT, at=NOW, facts=around()).then_rejected("too-many-versions")


def test_with_the_last_signature_it_is_in_force_where_the_kind_leaves_no_time() -> None:
    past = drafted()
    digest = past.state.digest
    past = past.when(sign(past, "wang"), at=NOW, facts=around()).then(
        AgreementPartySigned("p1", "wang", NOW)
    )
    past = past.when(sign(past, "li"), at=NOW, facts=around()).then(
        AgreementPartySigned("p2", "li", NOW),
        AgreementSigned("d1.1", "d1", 1, digest, ("wang", "li"), HOLDERS, "chen", None),
        AgreementInForce("d1.1", "d1", digest, True, HOLDERS, "chen", NOW + JUDICIAL_WITHIN),
    )
    assert past.state.since == NOW


def test_where_it_leaves_some_it_can_be_revoked_until_then() -> None:
    past = signed(FAMILY)
    end = NOW + COOLING_OFF[DisputeKind.FAMILY] * DAY
    assert (past.state.status, past.state.until) == (Status.SIGNED, end)
    past.when(RevokeAgreement("lawyer"), at=end - DAY, facts=around()).then(
        AgreementRevoked("d1.1", "d1", "lawyer", HOLDERS, "chen")
    )
    past.when(RevokeAgreement("lawyer"), at=end, facts=around()).then_rejected("too-late-to-revoke")
    past.when(Tick(), at=end - DAY, facts=around()).then()
    digest = past.state.digest
    past = past.when(Tick(), at=end + DAY, facts=around()).then(
        AgreementInForce("d1.1", "d1", digest, True, HOLDERS, "chen", end + JUDICIAL_WITHIN)
    )
    assert past.state.since == end


@pytest.mark.parametrize(
    ("signer", "code"),
    [("chen", "not-to-sign"), ("police", "not-to-sign"), ("zhou", "not-to-sign")],
)
def test_it_is_signed_by_parties_only(signer: str, code: str) -> None:
    past = drafted()
    past.when(sign(past, signer), at=NOW, facts=around()).then_rejected(code)


def test_each_party_signs_once_whoever_speaks_for_it() -> None:
    past = drafted()
    past = do(past, sign(past, "li"))
    past.when(sign(past, "lawyer"), at=NOW, facts=around()).then_rejected("signed-already")


def test_a_new_version_has_to_be_signed_anew() -> None:
    past = drafted()
    old = sign(past, "wang")
    past = do(do(past, old), replace(DRAFT, drafter="li"))
    assert past.state.version == 2
    assert past.state.signatures == ()
    past.when(old, at=NOW, facts=around()).then_rejected("another-version")
    wrong = SignAgreement("wang", 2, old.digest)
    past.when(wrong, at=NOW, facts=around()).then_rejected("another-version")


def test_what_is_signed_late_is_not_due_already() -> None:
    past = drafted(FAMILY)
    late = REMOVES.until - 3 * DAY
    when = past.when(sign(past, "wang"), at=late, facts=around(FAMILY))
    when.then_rejected("clause-due-too-early")


def test_who_joined_since_is_not_passed_over() -> None:
    past = drafted()
    more = Party("p3", "b", None, "property", "desk", consent=Consent.AGREED)
    wider = replace(DISPUTE, parties=(*PARTIES, more))
    past.when(sign(past, "wang"), at=NOW, facts=around(wider)).then_rejected("parties-changed")


def test_with_the_dispute_a_draft_is_dropped_and_nothing_else() -> None:
    past = do(drafted(), DropAgreement())
    assert past.state.status is Status.DROPPED
    assert do(signed(), DropAgreement()).state.status is Status.IN_FORCE
    past.when(sign(past, "wang"), at=NOW, facts=around()).then_rejected("agreement-wrong-moment")


def test_a_party_that_has_signed_keeps_who_spoke_for_it() -> None:
    left = replace(PARTIES[1], consent=Consent.LEFT)
    gone = replace(DISPUTE, parties=(PARTIES[0], left), circles=1)
    learn = LearnAgreementCircle()
    assert do(drafted(), learn, dispute=gone).state.holders == ("wang",)
    assert do(signed(), learn, dispute=gone).state.holders == ("wang", "li", "lawyer")
    other = replace(PARTIES[1], representative="heir")
    named = replace(DISPUTE, parties=(PARTIES[0], other), circles=1)
    assert do(signed(), learn, dispute=named).state.holders == ("wang", "li", "heir")
    given(agreement).when(learn, facts=around(named)).then()


WORDS = (
    AgreementWorded(1, (replace(REMOVES, what="李四把纸箱搬走"), PAYS), (), (("p2", "李四海"),)),
    AgreementWorded(
        2,
        (replace(REMOVES, what="李四海和李四把纸箱搬走，王五看着"), PAYS),
        ("李四家的门",),
        (("p1", "王五"), ("p2", "李四")),
    ),
)


def test_the_others_keep_what_all_have_signed_with_the_name_masked() -> None:
    past = signed_again()
    kept = past.when(ForgetAgreementOf("li", WORDS), at=NOW, facts=around()).then(
        AgreementForgotten("li"),
        AgreementMasked(("p2",)),
        AgreementWorded(
            2,
            (replace(REMOVES, what="某某和某某把纸箱搬走，王五看着"), PAYS),
            ("某某家的门",),
            (("p1", "王五"),),
        ),
    )
    assert (kept.state.forgotten, kept.state.masked) == (False, ("p2",))
    over = kept.when(ForgetAgreementOf("wang", WORDS), at=NOW, facts=around()).then(
        AgreementForgotten("wang")
    )
    assert over.state.forgotten


def test_what_was_not_signed_by_all_or_has_no_words_is_kept_by_nobody() -> None:
    for past in (
        drafted(),
        do(signed(FAMILY), RevokeAgreement("wang")),
    ):
        events = past.when(ForgetAgreementOf("li", WORDS), at=NOW, facts=around()).events
        assert AgreementForgotten("li") in events
        assert not [one for one in events if isinstance(one, AgreementMasked | AgreementWorded)]


def test_a_name_of_one_character_is_not_looked_for_in_the_words() -> None:
    words = AgreementWorded(1, (replace(REMOVES, what="李子树"), PAYS), (), (("p2", "李"),))
    when = signed().when(ForgetAgreementOf("li", (words,)), at=NOW, facts=around())
    assert AgreementWorded(1, (replace(REMOVES, what="李子树"), PAYS), (), ()) in when.events


def signed_again() -> Given[Agreement]:
    """The second version is signed by all."""
    past = do(drafted(), DRAFT)
    for who in ("wang", "li"):
        past = do(past, sign(past, who))
    return past


def test_with_a_party_the_words_go_and_the_terms_stay() -> None:
    past = signed()
    after = past.when(ForgetAgreementOf("li"), at=NOW, facts=around()).then(
        AgreementForgotten("li")
    )
    assert after.state.status is Status.IN_FORCE
    assert after.state.digest == past.state.digest
    assert after.state.people == ("wang",)
    assert "li" not in after.state.concerned
    assert do(drafted(), ForgetAgreementOf("li")).state.status is Status.DROPPED
    kept = do(signed(), ForgetAgreementOf("lawyer")).state
    assert (kept.forgotten, kept.holders) == (False, ("wang", "li"))
    assert [one.by for one in kept.signatures] == ["wang", ""]
    unmediated = do(signed(), ForgetAgreementOf("chen")).state
    assert (unmediated.mediator, unmediated.circle.mediator) == (None, None)
    assert unmediated.concerned == ("lawyer", "li", "police", "wang")
    given(agreement).when(ForgetAgreementOf("li"), facts=around()).then()
    past.when(ForgetAgreementOf("zhou"), facts=around()).then()


STEPS = st.one_of(
    st.tuples(st.just("draft"), st.sampled_from(["chen", "wang", "li"])),
    st.tuples(st.just("sign"), st.sampled_from(["wang", "li", "lawyer"])),
    st.tuples(st.just("old"), st.sampled_from(["wang", "li", "lawyer"])),
    st.tuples(st.just("revoke"), st.sampled_from(["wang", "li"])),
    st.tuples(st.just("time"), st.sampled_from(["1", "4", "30"])),
    st.tuples(st.just("leave"), st.just("p2")),
)


@settings(max_examples=150)
@held_for(st.sampled_from([DISPUTE, FAMILY]), st.lists(STEPS, max_size=14))
def test_in_force_is_what_every_party_signed_in_this_very_version(
    dispute: object, steps: list[tuple[str, str]]
) -> None:
    assert isinstance(dispute, type(DISPUTE))
    past: Given[Agreement] = drafted(dispute)
    at, old = NOW, sign(past, "wang")
    for what, who in steps:
        if what == "time":
            at += int(who) * DAY
            past = later(past, at)
            continue
        command = {
            "draft": replace(
                DRAFT,
                drafter=who,
                clauses=(replace(PAYS, until=at + 30 * DAY, cents=100 + past.state.version),),
            ),
            "sign": sign(past, who),
            "old": replace(old, signer=who),
            "revoke": RevokeAgreement(who),
            "leave": LearnAgreementCircle(),
        }[what]
        now = dispute
        if what == "leave":
            gone = replace(PARTIES[1], consent=Consent.LEFT)
            now = replace(dispute, parties=(PARTIES[0], gone), circles=1)
        before = past.state
        when = past.when(command, at=at, facts=around(now))
        if when.rejected is not None:
            continue
        past = when.then(*when.events)
        if past.state.version != before.version:
            assert past.state.signatures == (), "no signature outlives its version"
            old = SignAgreement("wang", before.version, before.digest)
        for event in when.events:
            if isinstance(event, AgreementSigned | AgreementInForce):
                parties = {one.party for one in past.state.parties}
                assert {one.party for one in past.state.signatures} == parties
                assert event.digest == past.state.digest
    if past.state.status is Status.IN_FORCE:
        assert past.state.unsigned == ()
    assert past.state.status is not Status.SIGNED or due(past.state) == past.state.until


def test_no_second_one_is_drafted_before_the_dispute_has_heard_of_the_first() -> None:
    first = signed().state
    second = replace(around(), agreement="d1.2", before=first)
    past = given(agreement)
    past.when(DRAFT, at=NOW, facts=second).then_rejected("dispute-not-mediating")
    heard = replace(DISPUTE, agreements=(first.agreement,))
    drawn = past.when(DRAFT, at=NOW, facts=replace(second, dispute=heard))
    assert drawn.rejected is None
    ended = replace(first, status=Status.REVOKED)
    assert past.when(DRAFT, at=NOW, facts=replace(second, before=ended)).rejected is None
