"""A person is erased: nothing they said of themselves is found anywhere any more."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from deploy.local.layout import ROOT, SERVICES
from tests.e2e.certified import certified, credentialed
from tests.e2e.test_trace import messages
from tests.e2e.town import HOME, Person, Town
from tests.e2e.traces import traces
from tests.e2e.waiting import until

HOUSE, UNIT, NEXT_UNIT = f"{HOME}-B9", f"{HOME}-B9-U1", f"{HOME}-B9-U2"
SHARED = "全楼要一条坡道"
"""What others have signed, too: it stays."""
NAME, PHONE, ADDRESS = "欧阳留痕", "13912345678", "留痕里七号"
TITLE, TEXT, COMMENT = "留痕标题甲", "留痕正文乙", "留痕评论丙"
OFFER, NOTE, REPLY, VOLUNTEER = "留痕特长丁", "留痕走访戊", "留痕答复己", "留痕证书庚"
QUARREL, ACCOUNT = "留痕纠纷壬", "留痕经过癸"
EMAIL, TEXTED_AT = "traces-left@example.com", "13876543210"
WHISTLE, SAID, CALLED_AT = "留痕吹哨庚", "留痕联名评论辛", "13887654321"
PERSONAL = (
    NAME,
    PHONE,
    ADDRESS,
    TITLE,
    TEXT,
    COMMENT,
    OFFER,
    NOTE,
    REPLY,
    VOLUNTEER,
    WHISTLE,
    SAID,
    CALLED_AT,
    QUARREL,
    ACCOUNT,
    EMAIL,
    TEXTED_AT,
)
"""Texts that occur nowhere else: what is found of them was left."""


def texts(thing: Any) -> Iterator[str]:
    """Every text in a document, keys and bytes too."""
    match thing:
        case dict():
            for key, value in thing.items():
                yield str(key)
                yield from texts(value)
        case list() | tuple():
            for value in thing:
                yield from texts(value)
        case bytes():
            yield thing.decode("utf-8", "replace")
        case _:
            yield str(thing)


def found_in_stores(town: Town) -> dict[str, set[str]]:
    """Each marker that is left, and where."""
    return traces(town, SERVICES, PERSONAL)


def found_elsewhere(town: Town) -> list[str]:
    """Topics, logs and metrics in which a marker occurs."""
    found = []
    for service in SERVICES:
        published = str(messages(town.kafka.bootstrap, f"{service}.events.v1"))
        log = (town.directory / f"{service}.log").read_text(encoding="utf-8", errors="replace")
        looked_at = {
            f"{service}.events.v1": published,
            f"{service}.log": log,
            f"{service}/metrics": town.metrics(service),
        }
        for where, everything in looked_at.items():
            found += [f"{marker} in {where}" for marker in PERSONAL if marker in everything]
    return found


def does(person: Person, service: str, path: str, body: Any, status: int = 200) -> dict[str, Any]:
    answer = person.post(service, path, body)
    assert answer.status_code == status, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def household(town: Town) -> None:
    """A building with two units at HOME, and somebody who can be whistled for."""
    administrator = town.administrator()
    units = ((UNIT, "unit", HOUSE), (NEXT_UNIT, "unit", HOUSE))
    for code, kind, parent in ((HOUSE, "building", HOME), *units):
        body = {"code": code, "kind": kind, "name": code, "parent": parent}
        # The second waits until the first is known to the process.
        until(
            lambda body=body: administrator.post("community", "/places", body).status_code == 201,  # type: ignore[misc]
            f"{code} is registered",
        )
    company = {"place": HOME, "duty": "property-company", "holder": "company-n1"}
    does(administrator, "community", "/posts", company, 201)


def registered(town: Town, person: Person, unit: str, **described: str) -> None:
    """The person lives in the unit, and petitions knows it."""
    own = {"resident": person.sub, "household": unit, **described}
    until(
        lambda: person.post("community", "/residents", own).status_code == 201,
        f"{person.sub} asks to be registered",
    )
    worker = town.staff("grid-worker", HOME, "grid-worker-1")
    does(worker, "community", f"/residents/{person.sub}/confirm", {})
    homes = town.store("petitions")["state_home"]
    until(lambda: homes.find_one({"_id": person.sub}) is not None, f"{person.sub} has a home")


def voices(town: Town, person: Person, neighbour: Person) -> tuple[str, str]:
    """A joint petition that the neighbour has signed, too, and one that the person supports."""
    joint = person.file(title=SHARED, text=SHARED, household=UNIT, contact={"phone": CALLED_AT})
    neighbour.does("sign", joint, household=NEXT_UNIT)
    person.does("comment", joint, text=SAID)
    other = neighbour.file()
    person.does("support", other)
    return joint, other


def blow(person: Person) -> None:
    """The person whistles, as soon as petitions knows for whom."""
    body = {"place": HOME, "category": "sanitation", "title": WHISTLE, "text": WHISTLE}
    until(
        lambda: person.post("petitions", "/whistles", body).status_code == 201,
        "somebody can be whistled for",
    )


@pytest.mark.timeout(300)
def test_of_an_erased_person_nothing_personal_is_left_anywhere(town: Town) -> None:
    household(town)
    person = town.resident("resident-to-be-erased")
    worker = town.staff("grid-worker", HOME, "grid-worker-1")
    described = {"name": NAME, "phone": PHONE, "address": ADDRESS}
    own = {"resident": person.sub, "household": UNIT, **described}
    registered(town, person, UNIT, **described)
    neighbour = town.resident()
    registered(town, neighbour, NEXT_UNIT, name="邻居")
    joint, other = voices(town, person, neighbour)
    blow(person)
    checked = does(person, "community", "/check-ins", {"place": HOME, "text": OFFER}, 201)["id"]
    does(worker, "community", f"/check-ins/{checked}/confirm", {})
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    plan = {
        "household": UNIT,
        "resident": person.sub,
        "purpose": "lone-elder",
        "keeper": worker.sub,
        "due": due,
    }
    visit = does(worker, "community", "/visits", plan, 201)["id"]
    found = {"found": ["all-well"], "note": NOTE}
    does(worker, "community", f"/visits/{visit}/record", found)
    petition = person.file(title=TITLE, text=TEXT)
    person.told("petition-received", petition)
    person.does("comment", petition, text=COMMENT)
    answered = person.file(title=TITLE, text=TEXT)
    town.holder(HOME).does("comment", answered, text=REPLY)
    serves = {"volunteer": person.sub, "place": HOME, "birth_year": 1980, "name": VOLUNTEER}
    does(person, "volunteering", "/volunteers", serves, 201)
    credential = credentialed(town, person, certified(town, person, "erased"))
    shown = does(person, "ledger", f"/credentials/{credential}/present", {"claims": ["name"]})
    assert VOLUNTEER in "\n".join(texts(shown))

    does(person, "notifications", "/preferences", {}, 201)
    at = f"/preferences/{person.sub}"
    does(person, "notifications", f"{at}/give-email", {"address": EMAIL, "wording": "2026-01"})
    does(person, "notifications", f"{at}/give-phone", {"number": TEXTED_AT, "wording": "2026-01"})

    parties = [{"side": "a", "person": person.sub}, {"side": "b", "person": "neighbour-1"}]
    quarrel = {"kind": "noise", "place": HOME, "title": QUARREL, "text": ACCOUNT}
    filed = {**quarrel, "parties": parties}
    until(
        lambda: person.post("mediation", "/disputes", filed).status_code == 201,
        "a dispute is filed",
    )

    export = person.get("community", f"/residents/{person.sub}/export").json()
    held = "\n".join(texts([export, *(person.get(s, "/my-data").json() for s in SERVICES)]))
    assert [marker for marker in PERSONAL if marker not in held] == []
    # What is to be gone is there, so the search sees it.
    there = found_in_stores(town)
    assert set(there) == set(PERSONAL)
    assert "ledger.dossiers" in there[VOLUNTEER]
    assert found_elsewhere(town) == []

    does(person, "community", f"/residents/{person.sub}/erase", {})
    at_once = found_in_stores(town)
    assert not {NAME, PHONE, ADDRESS} & at_once.keys()
    until(lambda: not found_in_stores(town), "nothing personal is left in any store", 60)
    assert found_elsewhere(town) == []
    until(lambda: person.inbox() == [], "the inbox is empty")
    left = {entry["name"] for entry in neighbour.sees(joint)["dossier"]}
    assert (neighbour.sees(joint)["petitioner"], left) == (neighbour.sub, {"PetitionDescribed"})
    assert SHARED in str(neighbour.sees(joint))
    until(lambda: neighbour.sees(other)["supporters"] == 0, "the person supports nothing any more")
    standing = town.store("petitions")["state_petition"]
    for behind in ("signers", "supporters", "former"):
        assert standing.count_documents({f"s.voices.{behind}": person.sub}) == 0
    # Who was given it can have it checked still.
    checked_still = town.http.post(f"{town.url('ledger')}/verify", json=shown).json()
    assert checked_still["verdict"] == "valid"

    again = person.post("community", "/residents", own)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:jinlin:problem:resident-erased"
    with ThreadPoolExecutor(2) as side_by_side:
        for folded in side_by_side.map(partial(folds_again, town), SERVICES):
            assert folded.returncode == 0, folded.stdout + folded.stderr


def folds_again(town: Town, service: str) -> subprocess.CompletedProcess[str]:
    """Folds all commits of a service and compares what comes of it with the stored states."""
    return subprocess.run(
        [sys.executable, "-m", "shared.runtime.tools.rebuild", "--service", service],
        cwd=ROOT,
        env={**os.environ, **town.settings(service), "JINLIN_HTTP_PORT": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
