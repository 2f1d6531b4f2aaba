"""Poison in a topic goes to the dead letters or is passed over; those behind it move on."""

import asyncio
import os
import subprocess

import pytest

from deploy.local.layout import PYTHON, ROOT
from deploy.local.processes import WebProcess
from shared.runtime.dead_letters import DeadLetters
from shared.runtime.topics import PARTITIONS
from tests.chaos.defective import UNBEARABLE
from tests.chaos.poison import FILED, NOBODYS, envelope, letters, put
from tests.chaos.report import Account
from tests.chaos.witness import Witness, messages_in
from tests.e2e.town import HOME, Town
from tests.e2e.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(180)]


BURIED: dict[str, bytes] = {
    "not JSON": b"{petition",
    "no text": b"\xff\xfe\x00",
    "nested over a megabyte": b"[" * 1_000_000,
    "another shape": b'["an", "array"]',
    "a field of the wrong type": envelope(data={"path": 7}),
    "a time without a zone": envelope(data={"raised_at": "2025-03-03T09:30:00"}),
    "no sequence": envelope(sequence="first"),
}
PASSED_OVER: dict[str, bytes] = {
    "a version of the future": envelope(type=FILED.replace("v1", "v9")),
    "an event of strangers": envelope(type="org.example.Something.v1"),
    "an event of which nobody is told": envelope(**NOBODYS),
}
HEADERS = [("note", b"\xff\xfe"), ("reply_to", b"community.events.v1"), ("traceparent", b"\x00")]


def dlq(town: Town, *arguments: str) -> str:
    """What the operator's tool prints."""
    done = subprocess.run(
        [PYTHON, "-m", "shared.runtime.tools.dlq", *arguments],
        cwd=ROOT,
        env={**os.environ, "JINLIN_KAFKA_BOOTSTRAP": town.kafka.bootstrap, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_poison_steps_aside_and_every_partition_moves_on(
    town: Town, witness: Witness, account: Account
) -> None:
    witness.planted |= {*BURIED.values(), *PASSED_OVER.values()}
    before = len(letters(town))
    places_before = messages_in(town.kafka.bootstrap, "community.events.v1")
    assert len(BURIED) >= PARTITIONS, "every partition gets its share"
    for n, (kind, value) in enumerate((BURIED | PASSED_OVER).items()):
        account.broke(f"message that is {kind}")
        put(town, [value], n % PARTITIONS, HEADERS)

    expected = before + len(BURIED)
    until(lambda: len(letters(town)) >= expected, "the poison lies among the dead letters", 60)
    # A petition's events stay in one partition: so many reach every one of them.
    resident = town.resident()
    for petition in [resident.file() for _ in range(4 * PARTITIONS)]:
        resident.told("petition-assigned", petition)
    buried = letters(town)
    assert len(buried) == expected
    assert {letter.value for letter in buried} >= set(BURIED.values())
    assert not {letter.value for letter in buried} & set(PASSED_OVER.values())
    reasons = {letter.value: letter.header("reason") for letter in buried}
    assert "path" in reasons[BURIED["a field of the wrong type"]]
    assert reasons[BURIED["not JSON"]].startswith("not JSON")
    assert messages_in(town.kafka.bootstrap, "community.events.v1") == places_before
    assert town.http.get(f"{town.url('notifications')}/readyz").status_code == 200

    assert f"{expected} unresolved" in dlq(town, "list", "--service", "notifications")
    first = next(letter for letter in buried if letter.value == BURIED["not JSON"])
    shown = dlq(town, "show", first.id, "--service", "notifications")
    assert "reason: not JSON" in shown
    assert "{petition" in shown
    dlq(town, "drop", first.id, "--service", "notifications", "--reason", "planted by a test")
    box = DeadLetters(town.kafka.bootstrap, "notifications")
    for letter in letters(town):
        if letter.value in witness.planted:
            box.drop(letter, "planted by a test")
    assert len(letters(town)) == before
    await witness.satisfied()


async def test_what_a_defect_put_aside_is_replayed_after_the_repair(
    town: Town, witness: Witness
) -> None:
    real = town.services["notifications"]
    await asyncio.to_thread(real.stop)
    defective = WebProcess(
        "notifications with a defect",
        "tests.chaos.defective",
        port=real.port,
        log=town.directory / "defective.log",
        env=real.env,
    )
    resident = town.resident()
    with defective:
        await asyncio.to_thread(defective.start().wait_ready)
        hard = resident.file(category=UNBEARABLE)
        easy = resident.file()
        resident.told("petition-received", easy)
        # Another event of the same petition goes its way meanwhile.
        resident.told("petition-assigned", hard)
        (letter,) = until(lambda: letters(town), "the event lies among the dead letters")
    assert letter.header("event-id") == f"petitions/petition-{hard}/1/0"
    assert letter.header("reason").startswith("Defect at defective.py")
    assert letter.header("tries") == "5"

    real.start()
    await asyncio.to_thread(real.wait_ready)
    assert "1 replayed" in dlq(town, "replay", "--all", "--service", "notifications")
    resident.told("petition-received", hard)
    assert letters(town) == []
    assert "0 unresolved" in dlq(town, "list", "--service", "notifications")

    # A second replay of the same event changes nothing.
    box = DeadLetters(town.kafka.bootstrap, "notifications")
    box.replay([letter])
    worker = town.holder(HOME)
    worker.told("duty-assigned", resident.file())
    await witness.satisfied()
    kinds = [one["kind"] for one in resident.inbox(hard)]
    assert sorted(kinds) == ["petition-assigned", "petition-received"]
