"""Orders over HTTP: from the catalogue to the rating, who sees what, and who hears the alarm."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.record import OrderRecord, order_record
from services.volunteering.domain.orders.state import Order
from shared.contracts import community
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.neighbourhood.member import LearnMembership, member
from shared.neighbourhood.post import LearnVacancy, post
from shared.runtime.bus import Outgoing
from shared.runtime.memory_bus import MemoryBus
from tests.services.community.served import Served, until
from tests.services.volunteering.orders.windows import window
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    OTHER_NEIGHBOURHOOD,
    enrol,
    told,
    volunteering,
)

CONTACT = {"name": "某人", "phone": "13800138000", "address": "3栋502"}
REPAIRS: dict[str, Any] = {"skills": ["repair"]}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


async def ask(at: Served, method: str, path: str, sub: str, **rest: Any) -> Any:
    return await at.ask(method, path, sub, "resident", **rest)


async def staff(at: Served, method: str, path: str, place: str = COMMUNITY, **rest: Any) -> Any:
    return await at.ask(method, path, "desk", "community-staff", places=(place,), **rest)


async def placed(at: Served, host: str = "elder", **rest: Any) -> str:
    body = {
        "service": "repair",
        "place": NEIGHBOURHOOD,
        "times": [window()],
        "need": "客厅的灯不亮了",
        "contact": CONTACT,
        **rest,
    }
    answer = await ask(at, "POST", "/orders", host, json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def does(at: Served, id: str, verb: str, sub: str, **body: Any) -> dict[str, Any]:
    answer = await ask(at, "POST", f"/orders/{id}/{verb}", sub, json=body)
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


async def state(at: Served, id: str) -> Order:
    found = await at.running.store.get(order, id)
    assert found is not None
    return found.state


async def record(at: Served, person: str) -> OrderRecord:
    found = await at.running.store.get(order_record, person)
    return OrderRecord() if found is None else found.state


async def reached(look: Any, seconds: float = 10.0) -> Any:
    """Waits until what is looked for is true, and returns it."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110 - reads the store
            await asyncio.sleep(0.01)
        return found


async def publish(at: Served, event: Event, number: int = 0) -> None:
    """An event of community, as the bus brings it; each of several has its own number."""
    envelope = Envelope(
        id=f"community/test/1/{number}",
        type=type_of(type(event)),
        source="/jinlin/community",
        subject="test",
        time=datetime.now(UTC),
        data=msgspec.to_builtins(event),
        sequence=1,
        correlationid="c",
    )
    bus = MemoryBus(at.topics, at.running.clock)
    await bus.start()
    await bus.publish([Outgoing(topic("community"), "test", envelope.to_bytes())])
    await bus.stop()


async def offered(at: Served, id: str, *persons: str) -> None:
    async def asked() -> bool:
        return {one.volunteer for one in (await state(at, id)).offers} == set(persons)

    await reached(asked)


async def test_an_order_from_the_catalogue_to_the_rating(at: Served) -> None:
    await enrol(at, "helper", **REPAIRS)
    await enrol(at, "barber", skills=["haircut"])
    listed = (await ask(at, "GET", "/services", "elder")).json()["items"]
    assert "repair" in [one["code"] for one in listed]
    id = await placed(at)
    await offered(at, id, "helper")
    (mine,) = (await ask(at, "GET", "/orders/offered", "helper")).json()["items"]
    assert (mine["id"], mine["can"]) == (id, ["accept", "decline"])
    assert "elder" not in str(mine)
    assert "dossier" not in (await ask(at, "GET", f"/orders/{id}", "helper")).json()
    await does(at, id, "accept", "helper")
    seen = (await ask(at, "GET", f"/orders/{id}", "helper")).json()
    (words,) = seen["dossier"]
    assert words["data"]["contact"]["phone"] == "13800138000"
    await does(at, id, "propose-time", "helper", begin=window()["begin"])
    assert (await state(at, id)).status == "agreed"
    early = await ask(at, "POST", f"/orders/{id}/begin", "helper", json={})
    assert early.status_code == 409
    assert early.json()["type"].endswith("too-early")

    async def at_hand() -> bool:
        return any(one.begin for one in (await record(at, "helper")).at_hand)

    await reached(at_hand)
    assert (await record(at, "elder")).open == (id,)


async def test_who_was_faster_has_it_and_the_others_hear_that_it_is_taken(at: Served) -> None:
    people = [f"v{n}" for n in range(20)]
    await enrol(at, *people, **REPAIRS)
    id = await placed(at, place=OTHER_NEIGHBOURHOOD)
    answer = await staff(
        at, "POST", f"/orders/{id}/dispatch", place=OTHER_COMMUNITY, json={"to": people}
    )
    assert answer.status_code == 200, answer.text
    answers = await asyncio.gather(
        *(ask(at, "POST", f"/orders/{id}/accept", one, json={}) for one in people)
    )
    statuses = [one.status_code for one in answers]
    assert (statuses.count(200), statuses.count(409)) == (1, 19)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"].endswith("order-taken")
    winner = people[statuses.index(200)]
    assert (await state(at, id)).volunteer == winner
    again = await ask(at, "POST", f"/orders/{id}/accept", winner, json={})
    assert again.status_code == 200


async def test_each_sees_what_is_theirs_to_see(at: Served) -> None:
    await enrol(at, "v1", "v2", **REPAIRS)
    id = await placed(at)
    await offered(at, id, "v1", "v2")
    await does(at, id, "accept", "v1")
    path = f"/orders/{id}"
    assert (await ask(at, "GET", path, "stranger")).status_code == 404
    other = (await ask(at, "GET", path, "v2")).json()
    assert (other["status"], other["volunteer"], other["can"]) == ("accepted", None, [])
    assert "elder" not in str(other)
    assert "v1" not in str(other)
    host = (await ask(at, "GET", path, "elder")).json()
    assert host["volunteer"] == "v1"
    assert "v2" not in str(host)
    history = await ask(at, "GET", f"{path}/timeline", "elder")
    assert history.status_code == 200
    assert "v2" not in history.text
    assert (await ask(at, "GET", f"{path}/timeline", "v1")).status_code == 403
    assert (await ask(at, "GET", f"{path}/candidates", "elder")).status_code == 404
    seen = (await staff(at, "GET", path)).json()
    assert seen["dossier"][0]["data"]["need"] == "客厅的灯不亮了"
    elsewhere = await staff(at, "GET", path, place=OTHER_COMMUNITY)
    assert elsewhere.status_code == 404
    administrator = (await at.ask("GET", path, "admin", "administrator")).json()
    assert "dossier" not in administrator
    await does(at, id, "cancel", "elder")
    after = (await ask(at, "GET", path, "v1")).json()
    assert "13800138000" not in str(after)


async def test_the_matching_explains_itself_to_staff(at: Served) -> None:
    await enrol(at, "near", **REPAIRS)
    await enrol(at, "far", place=COMMUNITY, **REPAIRS)
    id = await placed(at)
    await offered(at, id, "near", "far")
    items = (await staff(at, "GET", f"/orders/{id}/candidates")).json()["items"]
    assert [one["volunteer"] for one in items] == ["near", "far"]
    assert items[0]["score"] > items[1]["score"]
    assert (items[0]["steps"], items[1]["steps"]) == (0, 2)
    await enrol(at, "late", **REPAIRS)
    fresh = await staff(at, "GET", f"/orders/{id}/candidates", params={"fresh": "true"})
    assert {one["volunteer"] for one in fresh.json()["items"]} == {"near", "far", "late"}


async def test_without_a_taker_it_climbs_and_the_office_finds_somebody(at: Served) -> None:
    await enrol(at, "elsewhere", place=OTHER_COMMUNITY, **REPAIRS)
    id = await placed(at)

    async def climbed() -> bool:
        return (await state(at, id)).level == "community"

    await reached(climbed)
    queue = (await staff(at, "GET", "/orders", params={"alarmed": "true"})).json()["items"]
    assert [one["id"] for one in queue] == [id]
    assert queue[0]["alarm"]["person"] == "officer-c1"
    unheard = await staff(at, "GET", "/orders", params={"unheard": "true"})
    assert unheard.json()["items"] == []
    asked = await staff(at, "POST", f"/orders/{id}/dispatch", json={"to": ["elsewhere"]})
    assert asked.status_code == 200, asked.text
    await does(at, id, "accept", "elsewhere")
    assert (await state(at, id)).alarm is None


async def test_an_organisation_dispatches_what_it_is_trusted_with(at: Served) -> None:
    await enrol(at, "doctor", **REPAIRS)
    await told(at, member, "nurse", LearnMembership("o-clinic"))
    await until(lambda: "nurse" in at.running.copies["member"])
    id = await placed(at)
    nobody = await staff(at, "POST", f"/orders/{id}/entrust", json={"organisation": "o-x"})
    assert nobody.json()["type"].endswith("unknown-organisation")
    trusted = await staff(at, "POST", f"/orders/{id}/entrust", json={"organisation": "o-clinic"})
    assert trusted.status_code == 200, trusted.text
    token = at.issuer.token("nurse", org="o-clinic")
    headers = {"Authorization": f"Bearer {token}"}
    listed = await at.client.get("/orders/entrusted", headers=headers)
    assert [one["id"] for one in listed.json()["items"]] == [id]
    shown = (await at.client.get(f"/orders/{id}", headers=headers)).json()
    assert "dossier" not in shown
    assert {"dispatch", "return"} <= set(shown["can"])
    candidates = await at.client.get(f"/orders/{id}/candidates?fresh=true", headers=headers)
    assert [one["volunteer"] for one in candidates.json()["items"]] == ["doctor"]
    back = await at.client.post(f"/orders/{id}/return", headers=headers, json={})
    assert back.status_code == 200, back.text
    assert (await at.client.get(f"/orders/{id}", headers=headers)).status_code == 404


async def test_a_grid_worker_orders_for_somebody_and_residents_only_for_themselves(
    at: Served,
) -> None:
    body = {
        "service": "haircut",
        "place": NEIGHBOURHOOD,
        "times": [window()],
        "on_behalf": True,
        "resident": "elder",
    }
    refused = await ask(at, "POST", "/orders", "neighbour", json=body)
    assert refused.status_code == 403
    done = await at.ask(
        "POST", "/orders", "grid", "grid-worker", places=(NEIGHBOURHOOD,), json=body
    )
    assert done.status_code == 201, done.text
    id = done.json()["id"]
    for path, person in (("/orders/mine", "elder"), ("/orders/placed", "grid")):
        items = (await ask(at, "GET", path, person)).json()["items"]
        assert [one["id"] for one in items] == [id]
    assert "cancel" in (await ask(at, "GET", f"/orders/{id}", "elder")).json()["can"]


async def test_a_volunteer_who_stops_gives_back_what_they_have(at: Served) -> None:
    await enrol(at, "v1", **REPAIRS)
    id = await placed(at)
    await offered(at, id, "v1")
    await does(at, id, "accept", "v1")
    stopped = await ask(at, "POST", "/volunteers/v1/stop", "v1", json={})
    assert stopped.status_code == 200, stopped.text

    async def given_back() -> bool:
        return (await state(at, id)).volunteer is None

    await reached(given_back)
    assert (await record(at, "v1")).given_back == 0


async def test_who_turns_out_to_be_under_age_gives_back_what_they_have(at: Served) -> None:
    await enrol(at, "v1", **REPAIRS)
    id = await placed(at)
    await offered(at, id, "v1")
    await does(at, id, "accept", "v1")
    right = {"birth_year": datetime.now(UTC).year - 15}
    done = await staff(at, "POST", "/volunteers/v1/correct-birth-year", json=right)
    assert done.status_code == 200, done.text

    async def given_back() -> bool:
        return (await state(at, id)).volunteer is None

    await reached(given_back)
    assert (await record(at, "v1")).given_back == 0


async def test_the_catalogue_is_changed_with_history_and_from_a_moment_on(at: Served) -> None:
    admin = ("admin", "administrator")
    week = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    new = {"code": "reading", "zh": "读报", "en": "Reading aloud", "minutes": 60}
    assert (await at.ask("POST", "/services", *admin, json=new)).status_code == 201
    shorter = {"minutes": 45, "since": week, "terms_zh": "在家读报"}
    assert (
        await at.ask("POST", "/services/reading/revise", *admin, json=shorter)
    ).status_code == 200
    retired = await at.ask("POST", "/services/haircut/retire", *admin, json={"since": week})
    assert retired.status_code == 200, retired.text
    await until(lambda: at.running.copies["service"]["reading"].changes == 2)
    await until(lambda: "haircut" in at.running.copies["service"])
    now = (await ask(at, "GET", "/services/reading", "elder")).json()
    assert (now["minutes"], len(now["revisions"])) == (60, 2)
    chinese = {"Accept-Language": "zh"}
    then = await ask(at, "GET", "/services/reading", "elder", params={"at": week}, headers=chinese)
    assert (then.json()["minutes"], then.json()["terms"]) == (45, "在家读报")
    later = await ask(at, "GET", "/services", "elder", params={"at": week})
    codes = {one["code"] for one in later.json()["items"]}
    assert "haircut" not in codes
    assert "reading" in codes
    english = await at.ask("GET", "/services/repair", *admin, headers={"Accept-Language": "en"})
    assert english.json()["name"] == "Small repairs"
    assert {"revise", "retire"} <= set(english.json()["can"])
    assert (await ask(at, "POST", "/services", "elder", json=new)).status_code == 403
    assert (await ask(at, "GET", "/services/nothing", "elder")).status_code == 404


async def test_one_hears_all_that_is_kept_about_oneself(at: Served) -> None:
    await enrol(at, "v1", **REPAIRS)
    id = await placed(at)
    await offered(at, id, "v1")
    await does(at, id, "accept", "v1")
    await reached(lambda: record_of(at, "v1"))
    document = (await ask(at, "GET", "/my-data", "v1")).json()
    kinds = {thing["kind"]: thing for thing in document["things"]}
    assert kinds["order"]["id"] == id
    assert "elder" not in str(kinds["order"])
    assert kinds["order-record"]["state"]["at_hand"][0]["order"] == id
    theirs = (await ask(at, "GET", "/my-data", "elder")).json()
    (own,) = [thing for thing in theirs["things"] if thing["kind"] == "order"]
    assert own["dossier"][0]["data"]["contact"] == CONTACT
    shown = await ask(at, "GET", "/order-records/v1", "v1")
    assert shown.json()["taken"] == 1
    assert (await ask(at, "GET", "/order-records/v1", "elder")).status_code == 404


async def record_of(at: Served, person: str) -> bool:
    return bool((await record(at, person)).at_hand)


async def test_what_an_erased_person_ordered_and_had_goes_with_them(at: Served) -> None:
    await enrol(at, "v1", "v2", **REPAIRS)
    first = await placed(at)
    await offered(at, first, "v1", "v2")
    await does(at, first, "accept", "v1")
    second = await placed(at, host="v1", service="haircut")
    await publish(at, community.ResidentErased("v1"))

    async def gone() -> bool:
        theirs, own = await state(at, first), await state(at, second)
        return theirs.volunteer is None and own.because == "erased" and own.resident is None

    await reached(gone)
    assert await at.running.store.journal.dossier(order.stream(second)) == []

    async def forgotten() -> bool:
        return (await record(at, "v1")) == OrderRecord(forgotten=True)

    await reached(forgotten)


async def test_who_was_erased_and_has_come_back_has_a_record_again(at: Served) -> None:
    async def forgotten() -> bool:
        return (await record(at, "elder")).forgotten

    async def taken_up() -> bool:
        return not await forgotten()

    await publish(at, community.ResidentErased("elder"))
    await reached(forgotten)
    await publish(at, community.ResidentRegistered("elder", "3-502"), 1)
    await reached(taken_up)
    id = await placed(at)

    async def waits() -> bool:
        return (await record(at, "elder")).open == (id,)

    await reached(waits)


async def test_an_alarm_that_nobody_heard_is_heard_by_the_next_holder(at: Served) -> None:
    await told(at, post, f"{COMMUNITY}:volunteering", LearnVacancy("officer-c1"))
    await until(lambda: at.running.copies["post"][f"{COMMUNITY}:volunteering"].responsible is None)
    id = await placed(at)

    async def climbed() -> bool:
        return (await state(at, id)).level == "community"

    await reached(climbed)
    unheard = await staff(at, "GET", "/orders", params={"unheard": "true"})
    assert [one["id"] for one in unheard.json()["items"]] == [id]
    event = community.PostAssigned(
        f"{COMMUNITY}:volunteering",
        "volunteering",
        COMMUNITY,
        "newcomer",
        datetime.now(UTC).replace(microsecond=0),
    )
    await publish(at, event)

    async def heard() -> bool:
        alarm = (await state(at, id)).alarm
        return alarm is not None and alarm.person == "newcomer"

    await reached(heard)
