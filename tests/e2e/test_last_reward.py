"""Two hundred people at once for the last reward, on three processes of the service, of which one
may be killed meanwhile: one person gets it, all others have their points back and hear why.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from kafka import KafkaProducer

from deploy.local.processes import WebProcess, free_port, service
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.volunteering import HoursConfirmed
from shared.contracts.volunteering.hours import Work
from tests.e2e.apps import apps
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until

PEOPLE, REPLICAS = 200, 3
HOURS, PRICE = 3, 30
"""By the shipped rules so many hours are worth the price."""
SHOP = "shop-of-the-last-reward"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def more(town: Town) -> Iterator[list[WebProcess]]:
    """Processes of the service beside the town's own."""
    with ExitStack() as running:
        made = []
        for n in range(1, REPLICAS):
            process = service(
                "volunteering",
                port=free_port(),
                log=town.directory / f"last-reward-{uuid4().hex[:6]}-{n}.log",
                env=town.settings("volunteering"),
            )
            running.callback(process.kill)
            process.start()
            made.append(process)
        for process in made:
            process.wait_ready()
        yield made


@pytest.mark.parametrize("killed", [False, True], ids=["all live", "one is killed"])
def test_one_of_two_hundred_gets_it_and_all_others_have_their_points_back(
    town: Town, more: list[WebProcess], killed: bool
) -> None:
    people = [f"saver-{uuid4().hex[:8]}" for _ in range(PEOPLE)]
    reward = put_up(town)
    earn(town, people)
    urls = [town.url("volunteering"), *(process.url for process in more)]
    to_kill = more[-1] if killed else None

    answers, seconds = asyncio.run(buy_all(town, urls, reward, people, to_kill))

    statuses = Counter(answers.values())
    assert set(statuses) <= {"held", "sold-out"}, statuses
    held = {person for person, answer in answers.items() if answer == "held"}
    began = time.perf_counter()
    until(lambda: len(holding(town, people)) == 1, "all but one are answered", 60)
    settled = time.perf_counter() - began
    (winner,) = holding(town, people)
    assert winner in held
    print(
        f"{PEOPLE} for the last reward on {REPLICAS} processes: {dict(statuses)} after "
        f"{seconds * 1000:.0f} ms, all settled {settled * 1000:.0f} ms later"
    )

    state = town.store("volunteering")["state_reward"].find_one({"_id": reward})
    assert state is not None
    stock, waiting = state["s"]["stock"], state["s"]["reservations"]
    assert (stock, [one["by"] for one in waiting]) == (0, [winner])
    balances = {person: balance(town, person) for person in people}
    assert balances == {person: 0 if person == winner else PRICE for person in people}
    everybody_is_told(town, held - {winner}, winner)
    for loser in sorted(held - {winner})[:3]:
        book = passbook(town, loser)
        assert [(one["entry"], one["points"]) for one in book] == [
            ("earned", PRICE),
            ("bought", -PRICE),
            ("released", PRICE),
        ]
        assert book[-1]["because"] == "sold-out"
    the_books_balance(town, len(people))


def put_up(town: Town) -> str:
    """A shop, and one piece of a reward in it."""
    convenor = town.staff("community-staff", COMMUNITY)
    body = {"shop": SHOP, "place": COMMUNITY}

    def admitted() -> bool:
        # The place is known to volunteering a moment after the town has it.
        return convenor.post("volunteering", "/shops", body).status_code in (201, 409)

    until(admitted, "the shop is admitted")
    last = {**body, "title": "一袋米", "terms": {"price": PRICE}, "stock": 1}

    def offered() -> str:
        answer = convenor.post("volunteering", "/rewards", last)
        return str(answer.json()["id"]) if answer.status_code == 201 else ""

    return until(offered, "the reward is put up")


def earn(town: Town, people: list[str]) -> None:
    """Everybody has served: their hours are confirmed, and the points are there."""
    producer = KafkaProducer(bootstrap_servers=town.kafka.bootstrap, acks="all")
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=HOURS)
    try:
        for person in people:
            work = f"work-of-{person}"
            event = HoursConfirmed(work, Work.ACTIVITY, person, HOME, begun, 60 * HOURS, None)
            stream = f"activity-{work}"
            message = Envelope(
                f"volunteering/{stream}/1/0",
                type_of(HoursConfirmed),
                "/jinlin/volunteering",
                stream,
                begun,
                msgspec.to_builtins(event),
                1,
                f"volunteering/{stream}/1",
            )
            producer.send(topic("volunteering"), value=message.to_bytes(), key=stream.encode())
        producer.flush()
    finally:
        producer.close()
    accounts = town.store("volunteering")["state_account"]
    ids = [f"person:{person}" for person in people]
    earned = {"_id": {"$in": ids}, "s.lots.points": PRICE}
    until(lambda: accounts.count_documents(earned) == len(people), "all have their points", 60)


async def buy_all(
    town: Town, urls: list[str], reward: str, people: list[str], to_kill: WebProcess | None
) -> tuple[dict[str, str], float]:
    """What each heard, all asking at once over the processes in turn; how long it took. Whoever
    gets no answer asks the next process again, as apps do: with the same key.
    """
    left = list(urls)
    async with apps(len(people)) as app:
        answered = 0

        async def buy(n: int, person: str) -> str:
            nonlocal answered
            headers = {
                **town.resident(person).headers(),
                "Idempotency-Key": f"last-{reward}",
            }
            url = urls[n % len(urls)]
            body = {"reward": reward, "price": PRICE}
            while True:
                try:
                    answer = await app[n].post(
                        f"{url}/accounts/person:{person}/buy", json=body, headers=headers
                    )
                except httpx.TransportError:
                    url = left[n % len(left)]
                    continue
                if answer.status_code == 503:
                    url = left[n % len(left)]
                    await asyncio.sleep(0.05)
                    continue
                answered += 1
                if answer.status_code == 200:
                    return "held"
                assert answer.status_code == 409, answer.text
                return str(answer.json()["type"]).rpartition(":")[2]

        async def kill_one() -> None:
            while to_kill is not None and answered < PEOPLE // 10:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            if to_kill is not None:
                left.remove(to_kill.url)
                await asyncio.to_thread(to_kill.kill)

        began = time.perf_counter()
        killing = asyncio.create_task(kill_one())
        answers = await asyncio.gather(*(buy(n, one) for n, one in enumerate(people)))
        seconds = time.perf_counter() - began
        await killing
    return dict(zip(people, answers, strict=True)), seconds


def holding(town: Town, people: list[str]) -> list[str]:
    """Those whose points are held."""
    accounts = town.store("volunteering")["state_account"]
    ids = [f"person:{person}" for person in people]
    found = accounts.find({"_id": {"$in": ids}, "s.holds": {"$ne": []}})
    return [one["s"]["holder"] for one in found]


def balance(town: Town, person: str) -> int:
    """What somebody has, as they see it."""
    answer = town.resident(person).get("volunteering", f"/accounts/person:{person}")
    assert answer.status_code == 200, answer.text
    points: int = answer.json()["balance"]
    return points


def passbook(town: Town, person: str) -> list[dict[str, Any]]:
    """The entries of somebody's passbook."""
    answer = town.resident(person).get("volunteering", f"/accounts/person:{person}/passbook")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def everybody_is_told(town: Town, losers: set[str], winner: str) -> None:
    """Whose points were held and came back has one message with the reason; who has it is told that
    it lies ready.
    """
    messages = town.store("notifications")["state_message"]

    def told(kind: str, to: set[str]) -> Counter[str]:
        found = messages.find({"s.kind": kind, "s.recipient": {"$in": sorted(to)}})
        return Counter(one["s"]["recipient"] for one in found)

    each_once = Counter(dict.fromkeys(losers, 1))
    until(lambda: told("points-released", losers) == each_once, "all others are told, once", 60)
    until(lambda: told("reward-ready", {winner}) == {winner: 1}, "the winner is told")
    assert not told("points-released", {winner})
    for one in messages.find({"s.kind": "points-released", "s.recipient": {"$in": [*losers]}}):
        assert one["s"]["params"]["because"] == "points-sold-out"


def the_books_balance(town: Town, people: int) -> None:
    """All accounts together, as the operator sees them and as the commits have it."""
    operator = town.staff("operator", COMMUNITY)
    books = operator.get("volunteering", "/books").json()
    assert books["balanced"] is True, books
    assert books["sum"] == 0
    assert books["accounts"] >= people
    ledger: Counter[str] = Counter()
    of_accounts = {"_id": {"$regex": "^account-"}}
    for commit in town.store("volunteering")["commits"].find(of_accounts):
        for event in commit["events"]:
            for account, points in (event.get("d") or {}).get("legs", ()):
                ledger[account] += points
    assert sum(ledger.values()) == 0
    assert [account for account, points in ledger.items() if points < 0] == ["issuing"]
    by_kind: Counter[str] = Counter()
    for account, points in ledger.items():
        by_kind[account.partition(":")[0]] += points
    assert {kind: points for kind, points in by_kind.items() if points} == {
        kind: points for kind, points in books["kinds"].items() if points
    }
