"""Many credentials through their lives, in any order: what must hold of all of them in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest

from services.ledger.credentials.checking import check
from services.ledger.credentials.issuers import Issuer, read_did_document
from services.ledger.credentials.status_list import decoded, is_set
from services.ledger.domain.credentials.credential import credential, digest_of, first_id, next_id
from services.ledger.domain.credentials.credential_state import Credential, Status
from services.ledger.domain.credentials.sealed_document import sealed_document
from services.ledger.domain.credentials.status_list import status_list
from services.ledger.main import service
from shared.contracts.community import ResidentErased
from shared.runtime.rebuild import Progress, differences
from tests.services.community.served import Served
from tests.services.ledger.credentials.asking import (
    ask_for,
    certificate_of,
    eventually,
    ledger,
    presented,
    public,
    sealed,
    whole,
    withdrawn,
)
from tests.services.volunteering.served import tells

PEOPLE = [f"person-{n}" for n in range(8)]
STEPS = 120
ROOT = ("root", "administrator")
NAME = "王留痕"


class Lives:
    """People who have credentials made, show them, and lose them."""

    def __init__(self, at: Served, seed: int) -> None:
        self.at = at
        self.chance = Random(seed)
        self.documents: dict[str, bytes] = {}
        self.kept: dict[str, Any] = {}
        self.erased: set[str] = set()
        self.salts: set[str] = set()
        self.did: Counter[str] = Counter()

    async def step(self) -> None:
        """Somebody does something, whether it is allowed or not."""
        who = self.chance.choice([one for one in PEOPLE if one not in self.erased])
        does = self.chance.choices(
            [self.certify, self.ask, self.reissue, self.give_up, self.revoke, self.withdraw],
            [2, 6, 4, 2, 1, 1],
        )[0]
        if len(self.erased) < 2 and self.chance.random() < 0.02:
            does = self.erase
        await does(who)

    async def certify(self, who: str) -> None:
        n = sum(one.startswith(f"{who}/") for one in self.documents)
        document = certificate_of(who, f"V{n}", name=NAME)
        self.documents[f"{who}/{n}"] = document
        await sealed(self.at, document, who, f"{who}-{n}")

    async def ask(self, who: str) -> None:
        mine = [one for one in self.documents if one.startswith(f"{who}/")]
        if mine:
            document = self.documents[self.chance.choice(mine)]
            answers = await asyncio.gather(*(ask_for(self.at, document, who) for _ in range(2)))
            await self.told("issued", who, *answers)

    async def reissue(self, who: str) -> None:
        if (id := self.any_of(who)) is not None:
            path = f"/credentials/{id}/reissue"
            await self.told("reissued", who, await self.at.ask("POST", path, who, json={}))

    async def give_up(self, who: str) -> None:
        if (id := self.any_of(who)) is not None:
            path = f"/credentials/{id}/give-up"
            answer = await self.at.ask("POST", path, who, "resident", json={})
            self.did[f"gave up {answer.status_code}"] += 1

    async def revoke(self, who: str) -> None:
        if (id := self.any_of(who)) is not None:
            because = self.chance.choice(["misused", "issued-in-error", "key-given-up"])
            body = {"because": because, "reason": f"{NAME}的凭证有误"}
            answer = await self.at.ask("POST", f"/credentials/{id}/revoke", *ROOT, json=body)
            self.did[f"revoked {answer.status_code}"] += 1

    async def withdraw(self, who: str) -> None:
        mine = [one for one in self.documents if one.startswith(f"{who}/")]
        if mine:
            name = self.chance.choice(mine)
            digest = digest_of(self.documents[name].decode())
            await withdrawn(self.at, digest, who, name.replace("/", "-"))
            self.did["withdrawn"] += 1

    async def erase(self, who: str) -> None:
        self.erased.add(who)
        await tells(self.at, ResidentErased(who), f"resident-{who}")

    def any_of(self, who: str) -> str | None:
        mine = [id for id, one in self.kept.items() if one["who"] == who]
        return self.chance.choice(mine) if mine else None

    async def told(self, what: str, who: str, *answers: Any) -> None:
        for answer in answers:
            assert answer.status_code in (201, 409), answer.text
            self.did[f"{what} {answer.status_code}"] += 1
            if answer.status_code == 201:
                id = answer.json()["id"]
                shown = await presented(self.at, id, "name", who=who)
                written = await whole(self.at, id, who)
                self.salts |= {one["salt"] for one in written["disclosures"]}
                self.kept[id] = {"who": who, "shown": shown}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with ledger() as there:
        yield there


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_done_each_credential_is_what_everybody_sees(
    at: Served, seed: int
) -> None:
    lives = Lives(at, seed)
    for who in PEOPLE:
        await lives.certify(who)
    for _ in range(STEPS):
        await lives.step()
    assert lives.did["issued 201"] > 5
    assert lives.did["reissued 201"] > 3
    await eventually(lambda: at_rest(at, lives))
    states = await everything(at)
    issuer = read_did_document(await public(at, "/.well-known/did.json"))
    listed = await public(at, "/status-lists/1")
    await as_everybody_sees(at, lives, states, issuer, listed)
    one_at_a_time(states)
    await nothing_personal_but_in_dossiers(at, lives)
    wrong = [
        one async for one in differences(at.running.store.journal, service.aggregates, Progress())
    ]
    assert wrong == []


async def everything(at: Served) -> dict[str, Credential]:
    store = at.running.store
    return {
        stored.id: store.read(credential, stored)
        async for stored in store.journal.all(credential.kind)
    }


async def at_rest(at: Served, lives: Lives) -> bool:
    """Whether everything that follows has followed."""
    store, states = at.running.store, await everything(at)
    known = await store.get(status_list, "1")
    assert known is not None
    gone = {one.entry for one in states.values() if one.status is Status.REVOKED}
    documents = {
        stored.id: store.read(sealed_document, stored)
        async for stored in store.journal.all(sealed_document.kind)
    }
    held = {one for document in documents.values() for one in document.holders}
    in_force = [one for one in states.values() if one.status is Status.ISSUED]
    return (
        sum(byte.bit_count() for byte in known.state.revoked) == len(gone)
        and not lives.erased & {one.holder for one in states.values()}
        and not lives.erased & held
        and not any(documents[one.digest].withdrawn for one in in_force)
        and not any(next_id(id) in states for id, one in states.items() if one in in_force)
    )


async def as_everybody_sees(
    at: Served, lives: Lives, states: dict[str, Credential], issuer: Issuer, listed: Any
) -> None:
    bits = decoded(listed["credentialSubject"]["encodedList"])
    now = at.running.clock.now()
    assert states.keys() == lives.kept.keys()
    for id, state in states.items():
        expected = "valid" if state.status is Status.ISSUED else "revoked"
        found = check(lives.kept[id]["shown"], issuer, now, listed)
        assert (found.verdict, found.shown) == (expected, {"name": NAME})
        assert is_set(bits, state.entry) == (expected == "revoked")
        told = await public(at, f"/public/credentials/{state.code}")
        assert told["verdict"] == expected


def one_at_a_time(states: dict[str, Credential]) -> None:
    for field in ("code", "entry"):
        given = [getattr(state, field) for state in states.values()]
        assert len({*given}) == len(given), field
    in_force = Counter(
        (state.digest, state.holder)
        for state in states.values()
        if state.status is Status.ISSUED and state.holder is not None
    )
    assert max(in_force.values(), default=0) == 1
    # Each but the first stands for one before it, of the same document.
    for id, state in states.items():
        if state.replaces is not None:
            assert id == next_id(state.replaces)
            assert states[state.replaces].digest == state.digest
        elif state.holder is not None:
            assert id == first_id(state.digest, state.holder)


async def nothing_personal_but_in_dossiers(at: Served, lives: Lives) -> None:
    journal = at.running.store.journal
    kept_for_ever = ""
    for aggregate in (credential, sealed_document, status_list):
        async for stored in journal.all(aggregate.kind):
            kept_for_ever += repr(stored)
            kept_for_ever += repr(await journal.history(aggregate.stream(stored.id)))
    sent = [each.value for log in at.topics.logs.values() for each in log]
    published = b"".join(sent).decode()
    assert "CredentialIssued" in published
    for text in (NAME, *lives.salts):
        assert text not in kept_for_ever
        assert text not in published
    for id, one in lives.kept.items():
        dossier = await journal.dossier(credential.stream(id))
        assert bool(dossier) == (one["who"] not in lives.erased)
