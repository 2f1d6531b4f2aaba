"""Certificates of hours: canonical, digested, withdrawn when what they say is true no more."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import rfc8785
from hypothesis import given as held_for
from hypothesis import strategies as st

from services.volunteering.domain.hours.certificate import (
    MOST_SERVICES,
    Certificate,
    CertificateForgotten,
    ForgetCertificate,
    HolderNamed,
    IssueCertificate,
    Issuing,
    Served,
    ServicesCertified,
    Status,
    Withdraw,
    WithdrawAsCorrected,
    certificate,
    digest_of,
    document,
    is_true_still,
    period,
)
from shared.contracts.volunteering.hours import CertificateIssued, CertificateWithdrawn, Work
from tests.given import Given, given

SINCE, UNTIL = period(date(2026, 1, 1), date(2026, 6, 30))
NOW = datetime(2026, 7, 1, 2, 0, 0, 5000, tzinfo=UTC)
ISSUING = Issuing("c1", "V0000000013", rfc8785.dumps)
FIRST = Served(
    "a1.wang", "a1", Work.ACTIVITY, "350102", "silver", datetime(2026, 1, 3, 1, tzinfo=UTC), 90
)
SECOND = Served("w1.wang", "w1", Work.WISH, "350102", None, datetime(2026, 5, 3, 1, tzinfo=UTC), 30)
ISSUE = IssueCertificate("wang", "王芳", SINCE, UNTIL, (SECOND, FIRST))


def issued() -> Given[Certificate]:
    drawn = Certificate(
        "c1", Status.ISSUED, "V0000000013", "wang", SINCE, UNTIL, NOW, 120, (FIRST, SECOND)
    )
    digest = sha256(rfc8785.dumps(document(drawn, "王芳"))).hexdigest()
    return (
        given(certificate)
        .when(ISSUE, at=NOW, facts=ISSUING)
        .then(
            CertificateIssued("c1", "V0000000013", "wang", SINCE, UNTIL, 120, digest),
            ServicesCertified((FIRST, SECOND), NOW),
            HolderNamed("王芳"),
        )
    )


def test_it_says_what_was_served_in_order_and_how_much_in_all() -> None:
    state = issued().state
    assert state.digest == digest_of(state, "王芳", rfc8785.dumps)
    assert document(state, "王芳") == {
        "type": "cn.jinlin.volunteering.certificate-of-hours.v1",
        "number": "V0000000013",
        "volunteer": "wang",
        "name": "王芳",
        "from": "2026-01-01",
        "to": "2026-06-30",
        "issued_at": "2026-07-01T02:00:00.005Z",
        "minutes": 120,
        "services": [
            {
                "work": "a1",
                "kind": "activity",
                "place": "350102",
                "team": "silver",
                "begun": "2026-01-03T01:00:00.000Z",
                "minutes": 90,
            },
            {
                "work": "w1",
                "kind": "wish",
                "place": "350102",
                "team": None,
                "begun": "2026-05-03T01:00:00.000Z",
                "minutes": 30,
            },
        ],
        "replaces": None,
    }


def test_nothing_is_not_certified() -> None:
    nothing = replace(ISSUE, services=())
    given(certificate).when(nothing, at=NOW, facts=ISSUING).then_rejected("nothing-to-certify")


def test_a_period_has_begun_and_does_not_end_before_it_begins() -> None:
    early = SINCE - timedelta(milliseconds=1)
    given(certificate).when(ISSUE, at=early, facts=ISSUING).then_rejected("period-not-begun")
    turned = replace(ISSUE, since=UNTIL, until=SINCE)
    given(certificate).when(turned, at=NOW, facts=ISSUING).then_rejected("period-not-begun")


def test_one_certificate_holds_so_many_services() -> None:
    many = replace(ISSUE, services=(FIRST,) * (MOST_SERVICES + 1))
    given(certificate).when(many, at=NOW, facts=ISSUING).then_rejected("too-many-services")


def test_with_corrected_hours_it_is_withdrawn_once() -> None:
    past = issued()
    gone = CertificateWithdrawn("c1", "V0000000013", "wang", past.state.digest, "hours-corrected")
    after = past.when(WithdrawAsCorrected()).then(gone)
    assert after.state.status is Status.WITHDRAWN
    after.when(WithdrawAsCorrected()).then()
    after.when(Withdraw(by="admin")).then_rejected("certificate-withdrawn")


def test_an_error_is_withdrawn_by_hand() -> None:
    past = issued()
    past.when(Withdraw(by="admin")).then(
        CertificateWithdrawn("c1", "V0000000013", "wang", past.state.digest, "issued-in-error")
    )


def test_it_is_true_while_the_records_say_the_same() -> None:
    state = issued().state
    assert is_true_still(state, {"a1.wang": 90, "w1.wang": 30, "w2.wang": 500})
    assert not is_true_still(state, {"a1.wang": 90, "w1.wang": 20})
    assert not is_true_still(state, {"a1.wang": 90})


def test_with_its_holder_the_name_is_forgotten_and_the_digest_stays() -> None:
    past = issued()
    after = past.when(ForgetCertificate()).then(CertificateForgotten())
    assert after.state.digest == past.state.digest
    assert after.state.status is Status.ISSUED
    after.when(ForgetCertificate()).then()
    given(certificate).when(ForgetCertificate()).then()


def test_a_period_is_of_the_citys_days() -> None:
    assert period(date(2026, 1, 1), date(2026, 1, 1)) == (
        datetime(2025, 12, 31, 16, tzinfo=UTC),
        datetime(2026, 1, 1, 16, tzinfo=UTC),
    )


moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000)
)
texts = st.text(max_size=20)
services = st.builds(
    Served, texts, texts, st.sampled_from(Work), texts, st.none() | texts, moments, st.integers(1)
).map(lambda one: replace(one, minutes=one.minutes % 10_000))
certificates = st.builds(
    Certificate,
    texts,
    st.just(Status.ISSUED),
    texts,
    texts,
    st.just(SINCE),
    st.just(UNTIL),
    moments,
    st.integers(0, 10**9),
    st.lists(services, max_size=5).map(tuple),
    replaces=st.none() | texts,
)


@held_for(certificates)
def test_the_canonical_form_is_stable_however_it_was_carried(one: Certificate) -> None:
    form = rfc8785.dumps(document(one, "王芳"))
    shuffled = dict(reversed(json.loads(form).items()))
    assert rfc8785.dumps(shuffled) == form
    # Whoever has no library for RFC 8785: of texts, whole numbers and null it is this.
    plain = json.dumps(
        document(one, "王芳"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert plain.encode() == form


@held_for(certificates, certificates)
def test_what_says_something_else_has_another_digest(one: Certificate, other: Certificate) -> None:
    same = document(one, "王芳") == document(other, "王芳")
    assert (digest_of(one, None, rfc8785.dumps) == digest_of(other, None, rfc8785.dumps)) is same
