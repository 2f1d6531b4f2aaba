"""Credentials over HTTP: asked for, shown, checked by everybody, revoked, forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.ledger.credentials.checking import Verdict, check
from services.ledger.credentials.codes import code_of
from services.ledger.credentials.issuers import read_did_document
from services.ledger.credentials.plain_json import canonical
from services.ledger.domain.credentials.credential import credential, digest_of, next_id
from services.ledger.domain.credentials.credential_commands import IssueCredential
from services.ledger.domain.credentials.sealed_document import LearnDocument, sealed_document
from services.ledger.domain.credentials.status_list import ENTRIES, GiveEntry, status_list
from shared.contracts.community import ResidentErased
from shared.runtime.aggregate import Rejected
from shared.runtime.journal import Stored
from shared.runtime.store import Store
from tests.services.community.served import Served
from tests.services.ledger.credentials.asking import (
    JSON,
    ask_for,
    certificate_of,
    eventually,
    ledger,
    made,
    presented,
    public,
    sealed,
    stands,
    verified,
    whole,
    withdrawn,
)
from tests.services.ledger.credentials.stories import HOURS, ID, issuing
from tests.services.volunteering.served import tells

ROOT = ("root", "administrator")
REVOKE = {"because": "misused", "reason": "借给了别人使用"}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with ledger() as service:
        yield service


async def seen(at: Served, id: str, who: str = "wang", *roles: str) -> Any:
    answer = await at.ask("GET", f"/credentials/{id}", who, *roles)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def is_revoked(at: Served, id: str) -> bool:
    """Whether the published list says so."""
    signed = (await whole(at, id))["credential"]
    issuer = read_did_document(await public(at, "/.well-known/did.json"))
    path = signed["credentialStatus"]["statusListCredential"].partition("/ledger")[2]
    listed = await public(at, path)
    now = at.running.clock.now()
    found = check(signed, issuer, now, listed)
    assert found.status_of is not None, found
    return found.verdict is Verdict.REVOKED


# --- issued --------------------------------------------------------------------------------------


async def test_of_a_sealed_certificate_its_holder_has_a_credential_made(at: Served) -> None:
    id = await made(at)
    one = await seen(at, id)
    assert (one["status"], one["about"], one["can"]) == (
        "issued",
        "volunteering-hours",
        ["give-up"],
    )
    assert one["can_reissue"]
    kept = await whole(at, id)
    claims = {one["name"]: one["value"] for one in kept["disclosures"]}
    expected = {name: value for name, value in HOURS.items() if name != "type"}
    assert claims == {**expected, "document": one["digest"]}
    assert kept["credential"]["id"] == one["link"]
    mine = (await at.ask("GET", "/credentials", "wang")).json()["items"]
    assert [each["id"] for each in mine] == [id]
    held = (await at.ask("GET", "/documents", "wang")).json()["items"]
    assert held == [{"id": one["digest"], "source": "certificate:c1", "withdrawn": False}]


async def test_the_credential_names_nobody(at: Served) -> None:
    id = await made(at)
    kept = await whole(at, id)
    text = canonical(kept["credential"]).decode()
    for hidden in ("王小明", "wang", ":120", "V0000000129"):
        assert hidden not in text
    salts = [one["salt"] for one in kept["disclosures"]]
    assert len({*salts}) == len(salts)
    history = await at.running.store.journal.history(credential.stream(id))
    snapshot = await at.running.store.get(credential, id)
    for kept_for_ever in (repr(history), repr(snapshot)):
        assert "王小明" not in kept_for_ever
        assert not any(salt in kept_for_ever for salt in salts)


@pytest.mark.parametrize(
    ("document", "who", "code"),
    [
        (certificate_of(minutes=121), "wang", "not-sealed-for-you"),
        (certificate_of() + b"\n", "wang", "not-sealed-for-you"),
        (certificate_of(), "lin", "not-sealed-for-you"),
    ],
)
async def test_nobody_gets_a_credential_of_what_was_not_sealed_for_them(
    at: Served, document: bytes, who: str, code: str
) -> None:
    await sealed(at, certificate_of())
    answer = await ask_for(at, document, who)
    assert (answer.status_code, answer.json()["type"]) == (409, f"urn:jinlin:problem:{code}")
    assert await at.running.store.journal.count(status_list.kind, {}) == 0


async def test_what_does_not_stand_in_the_log_becomes_nothing(at: Served) -> None:
    document = certificate_of()
    digest = digest_of(document.decode())
    learn = LearnDocument("certificate:c1", ("wang",))
    await at.running.store.do(sealed_document, digest, learn, actor="test")
    answer = await ask_for(at, document)
    assert answer.json()["type"] == "urn:jinlin:problem:not-sealed-for-you"


async def test_where_one_list_is_full_the_next_is_opened(at: Served) -> None:
    one = await seen(at, await made(at))
    store = at.running.store
    known = await store.get(status_list, "1")
    assert known is not None
    full = msgspec.to_builtins(replace(known.state, full=True, given=ENTRIES))
    stored = Stored("1", known.version, known.at, full)
    await store.journal.put_state(status_list.kind, stored)
    refused = store.do(status_list, "1", GiveEntry(), actor="test")
    with pytest.raises(Rejected, match="status-list-full"):
        await refused
    other = await made(at, "lin", "c2")
    after = await made(at, "chen", "c3")
    assert one["list"] == 1
    assert (await seen(at, other, "lin"))["list"] == 2
    assert (await seen(at, after, "chen"))["list"] == 2
    assert (await public(at, "/status-lists/2"))["type"][-1] == "BitstringStatusListCredential"


async def test_a_document_of_another_type_becomes_nothing(at: Served) -> None:
    document = certificate_of(type="other")
    await sealed(at, document)
    answer = await ask_for(at, document)
    assert answer.json()["type"] == "urn:jinlin:problem:no-credential-of-this"


@pytest.mark.parametrize(
    ("raw", "status"), [(b"", 400), (b"{", 400), (b'{"a":1,"a":1}', 400), (b"[]", 422)]
)
async def test_what_is_no_document(at: Served, raw: bytes, status: int) -> None:
    assert (await ask_for(at, raw)).status_code == status


async def test_one_request_leads_to_one_credential_and_another_one_hears_of_it(at: Served) -> None:
    document = certificate_of()
    await sealed(at, document)
    first = await ask_for(at, document, key="k1")
    again = await ask_for(at, document, key="k1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await ask_for(at, document)
    assert other.json()["type"] == "urn:jinlin:problem:credential-exists"


async def test_who_asks_many_times_at_once_has_one_and_nobody_shares_an_entry(at: Served) -> None:
    people = [f"person-{n}" for n in range(12)]
    documents = {who: certificate_of(who) for who in people}
    for who in people:
        await sealed(at, documents[who], who, id=f"c-{who}")
    asked = [ask_for(at, documents[who], who) for who in people for _ in range(3)]
    answers = await asyncio.gather(*asked)
    assert sorted(one.status_code for one in answers) == [201] * 12 + [409] * 24
    states = [
        (await seen(at, one.json()["id"], who))
        for one, who in zip(answers, [w for w in people for _ in range(3)], strict=True)
        if one.status_code == 201
    ]
    assert len({(one["list"], one["entry"]) for one in states}) == 12
    assert len({one["code"] for one in states}) == 12


# --- shown ---------------------------------------------------------------------------------------


async def test_a_presentation_shows_what_its_holder_chose(at: Served) -> None:
    id = await made(at)
    shown = await presented(at, id, "name", "minutes", "name")
    found = await verified(at, shown)
    assert (found["verdict"], found["shown"]) == ("valid", {"name": "王小明", "minutes": 120})
    assert found["hidden"] == 8
    assert any("王小明" in sentence for sentence in found["said"]["zh"])
    assert "V0000000129" not in json.dumps(shown)
    nothing = await verified(at, await presented(at, id))
    assert (nothing["verdict"], nothing["shown"], nothing["hidden"]) == ("valid", {}, 10)
    alone = await verified(at, (await whole(at, id))["credential"])
    assert alone["verdict"] == "valid"


async def test_what_was_altered_is_noticed(at: Served) -> None:
    id = await made(at)
    shown = await presented(at, id, "minutes")
    shown["disclosures"][0]["value"] = 12_000
    found = await verified(at, shown)
    assert (found["verdict"], found["shown"]) == ("altered", {})
    longer = (await whole(at, id))["credential"]
    longer["validUntil"] = "2099-01-01T00:00:00Z"
    assert (await verified(at, longer))["verdict"] == "altered"
    longer["issuer"] = "did:web:other.example"
    assert (await verified(at, longer))["verdict"] == "unknown-key"
    longer["credentialStatus"] = {"statusListCredential": 7}
    assert (await verified(at, longer))["verdict"] == "unknown-key"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{}", 422),
        (b"[]", 422),
        (b'{"verifiableCredential":[]}', 422),
        (b'{"verifiableCredential":7}', 422),
        (b'{"proof":1,"credentialSubject":1,"credentialStatus":{"statusListCredential":"9"}}', 200),
    ],
)
async def test_what_cannot_be_verified(at: Served, raw: bytes, status: int) -> None:
    assert (await at.client.post("/verify", content=raw, headers=JSON)).status_code == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [(["number"], 200), (["salary"], 422), (["x"] * 11, 422), (["No"], 422), ("name", 422)],
)
async def test_what_can_be_shown(at: Served, claims: Any, status: int) -> None:
    id = await made(at)
    path = f"/credentials/{id}/present"
    answer = await at.ask("POST", path, "wang", json={"claims": claims})
    assert answer.status_code == status, answer.text


async def test_a_code_says_how_it_stands_and_no_more(at: Served) -> None:
    id = await made(at)
    one = await seen(at, id)
    told = await stands(at, one["code"].lower())
    assert told.keys() == {
        "code",
        "id",
        "verdict",
        "about",
        "issuer",
        "valid_from",
        "valid_until",
        "status_list",
    }
    assert (told["verdict"], told["id"]) == ("valid", one["link"])
    misread = "2" + one["code"][1:] if one["code"][0] != "2" else "3" + one["code"][1:]
    assert (await at.client.get(f"/public/credentials/{misread}")).status_code == 422
    unknown = code_of(bytes(8))
    assert (await at.client.get(f"/public/credentials/{unknown}")).status_code == 404


async def test_the_qr_code_is_a_picture_of_the_link(at: Served) -> None:
    id = await made(at)
    answer = await at.ask("GET", f"/credentials/{id}/qr", "wang")
    assert answer.headers["content-type"] == "image/svg+xml"
    one = await seen(at, id)
    assert f"<title>{one['link']}</title>" in answer.text


async def test_nobody_else_knows_of_it(at: Served) -> None:
    id = await made(at)
    for method, path, body in (
        ("GET", f"/credentials/{id}", None),
        ("GET", f"/credentials/{id}/timeline", None),
        ("GET", f"/credentials/{id}/document", None),
        ("GET", f"/credentials/{id}/qr", None),
        ("POST", f"/credentials/{id}/present", {"claims": []}),
        ("POST", f"/credentials/{id}/reissue", {}),
        ("POST", f"/credentials/{id}/give-up", {}),
        ("POST", f"/credentials/{id}/revoke", REVOKE),
        ("GET", f"/documents/{(await seen(at, id))['digest']}", None),
    ):
        answer = await at.ask(method, path, "lin", "resident", json=body)
        assert answer.status_code == 404, path
    # Nor does the issuer's administrator read what it says.
    for path in ("document", "qr"):
        assert (await at.ask("GET", f"/credentials/{id}/{path}", *ROOT)).status_code == 404
    assert "dossier" not in await seen(at, id, *ROOT)


# --- revoked, reissued ---------------------------------------------------------------------------


async def test_the_issuer_revokes_it_by_its_code_and_says_why(at: Served) -> None:
    id = await made(at)
    code = (await seen(at, id))["code"]
    assert (await at.ask("GET", f"/credentials/with-code/{code}", "wang")).status_code == 403
    found = (await at.ask("GET", f"/credentials/with-code/{code}", *ROOT)).json()
    assert found == {"id": id}
    nothing = await at.ask("GET", "/credentials/with-code/x", *ROOT)
    assert nothing.status_code == 404
    assert not await is_revoked(at, id)
    path = f"/credentials/{id}/revoke"
    assert (await at.ask("POST", path, "wang", "resident", json=REVOKE)).status_code == 403
    assert (await at.ask("POST", path, *ROOT, json=REVOKE)).status_code == 200
    assert (await stands(at, code))["verdict"] == "revoked"
    await eventually(lambda: is_revoked(at, id))
    found = await verified(at, await presented(at, id, "name"))
    assert found["verdict"] == "revoked"
    one = await seen(at, id)
    assert (one["because"], one["can"], one["can_reissue"]) == ("misused", [], False)
    assert one["dossier"][0]["data"] == {"reason": "借给了别人使用"}
    again = await at.ask("POST", f"/credentials/{id}/reissue", "wang", json={})
    assert again.json()["type"] == "urn:jinlin:problem:not-to-be-reissued"


async def test_what_rests_on_a_withdrawn_certificate_is_revoked(at: Served) -> None:
    id = await made(at)
    other = await made(at, "lin", "c2")
    digest = (await seen(at, id))["digest"]
    await withdrawn(at, digest)
    await eventually(lambda: is_revoked(at, id))
    assert (await seen(at, id))["because"] == "document-withdrawn"
    assert (await seen(at, other, "lin"))["status"] == "issued"
    again = await at.ask("POST", f"/credentials/{id}/reissue", "wang", json={})
    assert again.json()["type"] == "urn:jinlin:problem:document-withdrawn"


async def test_what_was_withdrawn_before_becomes_nothing(at: Served) -> None:
    digest = await sealed(at, certificate_of())
    await withdrawn(at, digest)

    async def refused() -> bool:
        answer = await at.ask("GET", f"/documents/{digest}", "wang")
        return bool(answer.json()["withdrawn"])

    await eventually(refused)
    answer = await ask_for(at, certificate_of())
    assert answer.json()["type"] == "urn:jinlin:problem:document-withdrawn"


async def test_what_was_withdrawn_while_it_was_issued_is_noticed(at: Served) -> None:
    digest = await sealed(at, certificate_of())
    await withdrawn(at, digest)
    store = at.running.store

    async def is_withdrawn() -> bool:
        known = await store.get(sealed_document, digest)
        return known is not None and known.state.withdrawn

    await eventually(is_withdrawn)
    given = await store.do(status_list, "1", GiveEntry(), actor="test")
    # Another process, which had looked at the document before that.
    looked = {"credential": lambda *_: issuing()}
    other = Store("ledger", store.journal, store.clock, [credential], looked)
    words = certificate_of().decode()
    issue = IssueCredential("wang", words, (1, given.state.last))
    await other.do(credential, ID, issue, actor="wang")

    async def revoked() -> bool:
        known = await store.get(credential, ID)
        return known is not None and known.state.because == "document-withdrawn"

    await eventually(revoked)


async def test_a_holder_has_another_one_made_in_its_place(at: Served) -> None:
    id = await made(at)
    answer = await at.ask("POST", f"/credentials/{id}/reissue", "wang")
    assert answer.status_code == 201, answer.text
    new = answer.json()["id"]
    assert new == next_id(id)
    await eventually(lambda: is_revoked(at, id))
    before, after = await seen(at, id), await seen(at, new)
    assert (before["because"], after["status"], after["replaces"]) == ("reissued", "issued", id)
    assert (before["code"], before["entry"]) != (after["code"], after["entry"])
    old, fresh = await whole(at, id), await whole(at, new)
    both = [set(one["credential"]["credentialSubject"]["claimDigests"]) for one in (old, fresh)]
    assert not both[0] & both[1]
    values = [{c["name"]: c["value"] for c in one["disclosures"]} for one in (old, fresh)]
    assert values[0] == values[1]
    twice = await at.ask("POST", f"/credentials/{id}/reissue", "wang", json={})
    assert twice.status_code == 409
    more = await at.ask("POST", f"/credentials/{new}/reissue", "wang", json={"more": 1})
    assert more.status_code == 422


async def test_what_was_given_up_may_come_back(at: Served) -> None:
    id = await made(at)
    answer = await at.ask("POST", f"/credentials/{id}/give-up", "wang", "resident", json={})
    assert answer.status_code == 200
    await eventually(lambda: is_revoked(at, id))
    again = await at.ask("POST", f"/credentials/{id}/reissue", "wang", json={})
    assert again.status_code == 201


async def test_each_holder_is_one_among_many(at: Served) -> None:
    """An entry tells neither when it was given nor what lies beside it."""
    ids = [await made(at, f"p{n}", f"c{n}") for n in range(6)]
    entries = [(await seen(at, id, f"p{n}"))["entry"] for n, id in enumerate(ids)]
    assert all(abs(a - b) > 1 for a in entries for b in entries if a is not b and a != b)
    assert entries not in (sorted(entries), sorted(entries, reverse=True))


# --- published -----------------------------------------------------------------------------------


async def test_everybody_verifies_with_what_is_published(at: Served) -> None:
    id = await made(at)
    document = await public(at, "/.well-known/did.json")
    assert document == await public(at, "/did.json")
    issuer = read_did_document(document)
    shown = await presented(at, id, "minutes")
    listed = await public(at, "/status-lists/1")
    now = at.running.clock.now()
    found = check(shown, issuer, now, listed)
    assert (found.verdict, found.shown) == (Verdict.VALID, {"minutes": 120})
    later = now + timedelta(days=3 * 365)
    assert check(shown, issuer, later, listed).verdict is Verdict.EXPIRED
    answer = await at.client.get("/status-lists/1")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["content-type"] == "application/vc"
    assert answer.content == canonical(listed)
    for path in ("/status-lists/2", "/status-lists/0", "/status-lists/x"):
        assert (await at.client.get(path)).status_code in (404, 422)


# --- erasure -------------------------------------------------------------------------------------


async def test_of_who_is_erased_nothing_is_left_and_copies_stay_checkable(at: Served) -> None:
    id = await made(at)
    kept = await presented(at, id, "name")
    digest = (await seen(at, id))["digest"]
    mine = (await at.ask("GET", "/my-data", "wang")).json()
    assert {one["kind"] for one in mine["things"]} == {"credential", "sealed-document"}
    await tells(at, ResidentErased("wang"), "resident-wang")
    store = at.running.store

    async def forgotten() -> bool:
        known, document = await store.get(credential, id), await store.get(sealed_document, digest)
        assert known is not None
        assert document is not None
        return known.state.holder is None and document.state.holders == ()

    await eventually(forgotten)
    assert await store.journal.dossier(credential.stream(id)) == []
    assert (await at.ask("GET", f"/credentials/{id}", "wang")).status_code == 404
    assert (await at.ask("GET", "/my-data", "wang")).json()["things"] == []
    assert (await verified(at, kept))["verdict"] == "valid"
    # The issuer can revoke it still.
    assert (
        await at.ask("POST", f"/credentials/{id}/revoke", *ROOT, json=REVOKE)
    ).status_code == 200
