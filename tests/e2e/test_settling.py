"""A quarrel from evidence to what was agreed, on real servers; then one side is erased: nothing of
what they showed, said or were called is left anywhere. The digests are, and the other's contract.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.e2e.test_trace import messages
from tests.e2e.town import HOME, Person, Town
from tests.e2e.traces import traces
from tests.e2e.waiting import until

HOUSE, UNIT = f"{HOME}-B8", f"{HOME}-B8-U1"
SHOWN, SAID, NAMED, AGREED, NOTED = (
    "印记证据甲",
    "印记说明乙",
    "印记姓名丙",
    "印记条款丁",
    "印记备注戊",
)
THEIRS = "印记对方己"
GONE = (SHOWN, SAID, NAMED, NOTED)
"""What goes with the one; `THEIRS` is the other's and stays."""
STAYS = {THEIRS, AGREED}
"""What both have signed is the other's contract."""
ALL = (*GONE, THEIRS, AGREED)


def household(town: Town) -> None:
    """A building with a unit, where the one lives."""
    administrator = town.administrator()
    for code, kind, parent in ((HOUSE, "building", HOME), (UNIT, "unit", HOUSE)):
        body = {"code": code, "kind": kind, "name": code, "parent": parent}
        # The second waits until the first is known to the process.
        until(
            lambda body=body: administrator.post("community", "/places", body).status_code == 201,  # type: ignore[misc]
            f"{code} is registered",
        )


def does(person: Person, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = person.post("mediation", path, body)
    assert answer.status_code == status, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def sees(person: Person, path: str) -> dict[str, Any]:
    answer = person.get("mediation", path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def shows(person: Person, dispute: str, text: str) -> str:
    """Files a text as evidence; its id."""
    answer = person.town.http.post(
        f"{person.town.url('mediation')}/disputes/{dispute}/evidence",
        content=(text * 50_000).encode(),
        headers=person.headers(),
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["digest"] == sha256((text * 50_000).encode()).hexdigest()
    return str(answer.json()["id"])


def signs(person: Person, agreement: str) -> None:
    code = sees(person, f"/agreements/{agreement}/sign-code")
    said = {name: code[name] for name in ("number", "digest", "code")}
    does(person, f"/agreements/{agreement}/sign", **said)


def found(town: Town) -> set[str]:
    """The marks that some document of mediation or notifications has."""
    return set(traces(town, ("mediation", "notifications"), ALL))


def registered(town: Town, sub: str) -> Person:
    """A resident whom community knows: such a one can be erased."""
    person = town.resident(sub)
    own = {"resident": sub, "household": UNIT, "name": "某人"}
    until(
        lambda: person.post("community", "/residents", own).status_code == 201,
        "the person asks to be registered",
    )
    worker = town.staff("grid-worker", HOME, "grid-worker-2")
    answer = worker.post("community", f"/residents/{sub}/confirm")
    assert answer.status_code == 200, answer.text
    return person


@pytest.mark.timeout(300)
def test_what_was_shown_and_said_goes_with_a_party_and_the_contract_stays(town: Town) -> None:
    household(town)
    one, other = registered(town, "settler-to-be-erased"), town.resident("settler-who-stays")
    quarrel = {
        "kind": "noise",
        "place": HOME,
        "title": "夜里装修",
        "text": "每晚十一点以后还在装修",
        "parties": [{"side": "a", "person": one.sub}, {"side": "b", "person": other.sub}],
    }
    until(
        lambda: one.post("mediation", "/disputes", quarrel).status_code == 201,
        "mediation knows the place",
    )
    dispute = sees(one, "/disputes/mine")["items"][0]["id"]
    does(other, f"/disputes/{dispute}/agree")
    mine, theirs = shows(one, dispute, SHOWN), shows(other, dispute, THEIRS)
    does(one, f"/evidence/{mine}/describe", text=SAID)
    due = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    clauses = [{"party": "p2", "what": AGREED, "until": due}]
    agreement = does(one, f"/disputes/{dispute}/agreements", 201, clauses=clauses)["id"]
    does(one, f"/agreements/{agreement}/show-name", name=NAMED)
    signs(one, agreement)
    signs(other, agreement)
    until(
        lambda: sees(one, f"/disputes/{dispute}")["status"] == "ended",
        "the dispute has heard that it is settled",
    )
    does(other, f"/agreements/{agreement}/report-done", clause=1, note=NOTED)
    digest = sees(one, f"/agreements/{agreement}")["digest"]
    printed = one.get("mediation", f"/agreements/{agreement}/settlement")
    assert printed.content.startswith(b"%PDF-")
    # What is to be gone is there, so the search sees it.
    assert found(town) == set(ALL)
    until(
        lambda: {"agreement-in-force", "clause-reported"} <= {m["kind"] for m in one.inbox()},
        "they are told that it is in force, and what was reported",
    )

    answer = one.post("community", f"/residents/{one.sub}/erase")
    assert answer.status_code == 200, answer.text
    until(lambda: found(town) == STAYS, "what they showed and agreed is gone", 120)
    published = str(messages(town.kafka.bootstrap, "mediation.events.v1"))
    log = (town.directory / "mediation.log").read_text(encoding="utf-8", errors="replace")
    told = "\n".join((published, log, town.metrics("mediation")))
    assert [mark for mark in ALL if mark in told] == []
    assert digest in published
    assert sha256((SHOWN * 50_000).encode()).hexdigest() in published
    checked = town.http.get(
        f"{town.url('mediation')}/public/agreements/{agreement}", params={"digest": digest}
    )
    assert checked.json()["verdict"] == "in-force"
    kept = sees(other, f"/agreements/{agreement}/document")
    assert ([one["what"] for one in kept["clauses"]], kept["masked"]) == ([AGREED], ["p1"])
    assert other.get("mediation", f"/evidence/{theirs}/content").status_code == 200
    assert other.get("mediation", f"/evidence/{mine}/content").status_code == 404
