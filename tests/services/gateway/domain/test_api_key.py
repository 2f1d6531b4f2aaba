"""API keys: issued once, revoked once, kept as a digest."""

from services.gateway.domain.api_key import (
    ApiKeyIssued,
    ApiKeyRevoked,
    ApplicationContactGiven,
    Issue,
    RevocationExplained,
    Revoke,
    api_key,
    digest_of,
    id_of,
    open_verbs,
)
from tests.given import NOTHING_SPECIAL, Given, given

DIGEST = digest_of("jlk_abcdWXYZ")
ISSUE = Issue(
    issuer="admin",
    application="随手拍",
    contact="api@app.example",
    jurisdiction="350102",
    rate=60,
    digest=DIGEST,
    last="WXYZ",
)
ISSUED = ApiKeyIssued(
    application="随手拍",
    jurisdiction="350102",
    rate=60,
    digest=DIGEST,
    last="WXYZ",
    by="admin",
    at=NOTHING_SPECIAL,
)
REVOKE = Revoke(by="admin", reason="密钥已泄露")


def issued() -> Given:  # type: ignore[type-arg]
    return given(api_key).when(ISSUE).then(ISSUED, ApplicationContactGiven("api@app.example"))


def test_an_application_is_given_a_key() -> None:
    state = issued().state
    assert (state.status, state.application, state.rate) == ("active", "随手拍", 60)
    assert open_verbs(state) == ("revoke",)


def test_a_key_is_issued_once() -> None:
    issued().when(ISSUE).then_rejected("key-issued")


def test_a_revoked_key_stays_revoked() -> None:
    after = (
        issued()
        .when(REVOKE)
        .then(ApiKeyRevoked(by="admin", at=NOTHING_SPECIAL), RevocationExplained("密钥已泄露"))
    )
    assert after.state.status == "revoked"
    assert open_verbs(after.state) == ()
    after.when(REVOKE).then_rejected("key-revoked")
    after.when(ISSUE).then_rejected("key-issued")


def test_the_state_holds_nothing_that_opens_anything() -> None:
    assert "jlk_abcdWXYZ" not in repr(issued().state)
    assert len(DIGEST) == 64
    assert id_of(DIGEST) == DIGEST[:32]
