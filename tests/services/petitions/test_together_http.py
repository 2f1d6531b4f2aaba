"""What one petition's events lead to in others, and others' events in petitions: over the bus."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.petitions.domain.commands import Answer, Step
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from shared.contracts import community
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.contracts.types import PetitionKind
from shared.runtime.bus import Outgoing
from shared.worktime.hours import CHINA
from tests.services.petitions.city import BANYAN, LAKE, LOTUS, NORTH, City, city

CLERK = {"sub": "he", "role": "community-staff", "at": NORTH}
WANG = {"sub": "wang", "role": "resident"}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


@dataclass
class Community:
    """Publishes events as community does."""

    town: City
    told: int = 0

    async def tells(self, event: Event, stream: str) -> None:
        self.told += 1
        envelope = Envelope(
            id=f"community/{stream}/{self.told}/0",
            type=type_of(type(event)),
            source="/jinlin/community",
            subject=stream,
            time=datetime(2026, 3, 2, tzinfo=UTC),
            data={name: getattr(event, name) for name in type(event).__dataclass_fields__},
            sequence=self.told,
            correlationid="c",
        )
        message = Outgoing(topic("community"), stream, envelope.to_bytes())
        await self.town.running.bus.publish([message])


async def ask(
    town: City, method: str, path: str, *, sub: str, role: str, at: str = "", **rest: Any
) -> httpx.Response:
    token = town.issuer.token(sub, (role,), (at,) if at else ())
    headers = {"Authorization": f"Bearer {token}"}
    return await town.client.request(method, path, headers=headers, **rest)


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await reached():  # noqa: ASYNC110 - other parts have no event to wait for
            await asyncio.sleep(0.01)


async def is_status(town: City, id: str, status: Status) -> None:
    async def reached() -> bool:
        return (await town.state(id)).status is status

    await until(reached)


async def merged(town: City, main: str, *others: str) -> None:
    """The clerk merges the others into the main one, and it knows them."""
    for other in others:
        done = await ask(town, "POST", f"/petitions/{other}/merge", **CLERK, json={"into": main})
        assert done.status_code == 200, done.text

    async def known() -> bool:
        return (await town.state(main)).merged == len(others)

    await until(known)


async def test_what_is_merged_is_answered_together_and_each_petitioner_judges(town: City) -> None:
    main, second, third = [await town.file() for _ in range(3)]
    await merged(town, main, second, third)
    shown = (await ask(town, "GET", f"/petitions/{second}", **CLERK)).json()
    assert (shown["status"], shown["merged_into"]) == ("merged", main)
    await town.answer(main)
    for each in (second, third):
        await is_status(town, each, Status.ANSWERED)
        dossier = await town.running.store.journal.dossier(petition.stream(each))
        (answer,) = [entry.data for entry in dossier if entry.name == "AnswerWritten"]
        assert answer["done"] == "已更换灯泡，现场查看正常"
    low = await ask(
        town, "POST", f"/petitions/{third}/rate", sub="lin", role="resident", json={"stars": 1}
    )
    assert low.status_code == 200
    assert (await town.state(third)).status is Status.ASSIGNED
    assert (await town.state(second)).status is Status.ANSWERED


async def test_promises_of_the_main_ones_answer_are_kept_to_every_petitioner(town: City) -> None:
    main, second = [await town.file() for _ in range(2)]
    await merged(town, main, second)
    by = (await town.state(main)).assignee
    assert by is not None
    last = town.clock.now().astimezone(CHINA).date() + timedelta(days=30)
    step = Step("更换电梯主板", last)
    await town.do(main, Answer(by=by, done="已报修电梯，先停用", done_by="物业", follows=(step,)))
    await is_status(town, second, Status.ANSWERED)
    [promise], [its] = [(await town.state(id)).promises for id in (main, second)]
    assert (its.due, its.by, its.shared) == (promise.due, promise.by, True)
    lin = {"sub": "lin", "role": "resident"}
    shown = (await ask(town, "GET", f"/petitions/{second}", **lin)).json()
    assert [one["promise"] for one in shown["promises"]] == [1]
    words = [one["data"] for one in shown["dossier"] if one["name"] == "PromiseWritten"]
    assert words == [{"promise": 1, "text": "更换电梯主板", "about": "promised"}]
    judged = {"promise": 1, "kept": True}
    done = await ask(town, "POST", f"/petitions/{second}/judge-promise", **lin, json=judged)
    assert done.status_code == 200, done.text
    assert [one.kept for one in (await town.state(second)).promises] == [True]
    assert [one.kept for one in (await town.state(main)).promises] == [None]


async def test_what_its_main_one_leaves_without_an_answer_goes_on_alone(town: City) -> None:
    main, second = await town.file(), await town.file()
    before = await town.state(second)
    await merged(town, main, second)
    gone = await ask(
        town, "POST", f"/petitions/{main}/withdraw", sub="lin", role="resident", json={}
    )
    assert gone.status_code == 200
    await is_status(town, second, before.status)
    after = await town.state(second)
    assert (after.answer_by, after.assignee) == (before.answer_by, before.assignee)


async def test_what_is_split_off_is_known_to_be_gone(town: City) -> None:
    main, second = await town.file(), await town.file()
    await merged(town, main, second)
    done = await ask(town, "POST", f"/petitions/{second}/split", **CLERK, json={})
    assert done.status_code == 200

    async def let_go() -> bool:
        return (await town.state(main)).merged == 0

    await until(let_go)


async def test_who_cannot_be_taken_goes_on_alone(town: City) -> None:
    main, second, third = [await town.file() for _ in range(3)]
    await merged(town, main, second)
    # Into one that is merged itself by now.
    done = await ask(town, "POST", f"/petitions/{third}/merge", **CLERK, json={"into": second})
    assert done.status_code == 200
    await is_status(town, third, Status.ASSIGNED)
    assert (await town.state(main)).merged == 1


async def test_nobody_merges_into_what_they_may_not_see(town: City) -> None:
    here, elsewhere = await town.file(), await town.file(at=LAKE)
    for verb, body in (("merge", {"into": elsewhere}), ("link", {"to": elsewhere})):
        refused = await ask(town, "POST", f"/petitions/{here}/{verb}", **CLERK, json=body)
        assert refused.status_code == 422
        nothing = dict.fromkeys(body, "no-such-petition")
        unknown = await ask(town, "POST", f"/petitions/{here}/{verb}", **CLERK, json=nothing)
        assert unknown.json() == refused.json()


async def test_a_neighbour_supports_what_is_not_theirs_to_read(town: City) -> None:
    id = await town.file()
    assert (await ask(town, "GET", f"/petitions/{id}", **WANG)).status_code == 404
    assert (await ask(town, "POST", f"/petitions/{id}/support", **WANG, json={})).status_code == 200
    state = await town.state(id)
    assert state.voices is not None
    assert state.voices.supporters == ("wang",)
    secret = await town.file(kind=PetitionKind.REPORT)
    hidden = await ask(town, "POST", f"/petitions/{secret}/support", **WANG, json={})
    assert hidden.status_code == 404


async def test_the_body_complained_of_does_not_hear_of_it(town: City) -> None:
    id = await town.file(complained_of="o-banyan-property")
    officer = town.issuer.token("he", ("community-staff",), (NORTH,), org="o-banyan-property")
    headers = {"Authorization": f"Bearer {officer}"}
    assert (await town.client.get(f"/petitions/{id}", headers=headers)).status_code == 404
    assert (await ask(town, "GET", f"/petitions/{id}", **CLERK)).status_code == 200
    listed = await town.client.get("/petitions", headers=headers)
    assert id not in listed.text


async def test_a_post_that_is_filled_gets_what_waits_and_keeps_its_deadline(town: City) -> None:
    id = await town.file(at=LOTUS)
    state = await town.state(id)
    assert (state.at, state.assignee) == (NORTH, f"desk-of-{NORTH}")
    told = Community(town)
    vacated = community.PostVacated(
        f"{NORTH}:petitions", "petitions", NORTH, f"desk-of-{NORTH}", "resigned"
    )
    await told.tells(vacated, f"post-{NORTH}:petitions")
    await is_status(town, id, Status.UNASSIGNED)
    since = datetime(2026, 3, 2, tzinfo=UTC)
    filled = community.PostAssigned(f"{NORTH}:petitions", "petitions", NORTH, "zheng", since)
    await told.tells(filled, f"post-{NORTH}:petitions")
    await is_status(town, id, Status.ASSIGNED)
    after = await town.state(id)
    assert (after.assignee, after.answer_by) == ("zheng", state.answer_by)
    leave = community.DeputyStandsIn(
        f"{NORTH}:petitions", NORTH, "petitions", "zheng", "deputy", since, since
    )
    await told.tells(leave, f"post-{NORTH}:petitions")

    async def passed_on() -> bool:
        return (await town.state(id)).assignee == "deputy"

    await until(passed_on)


async def test_an_erased_person_leaves_no_words_behind(town: City) -> None:
    opened, elsewhere = await town.file(at=BANYAN), await town.file(at=LAKE)
    await town.answer(elsewhere)
    await Community(town).tells(community.ResidentErased("lin"), "resident-lin")
    for id in (opened, elsewhere):
        await is_status(town, id, Status.CLOSED)
        assert (await town.state(id)).petitioner is None
        assert await town.running.store.journal.dossier(petition.stream(id)) == []
