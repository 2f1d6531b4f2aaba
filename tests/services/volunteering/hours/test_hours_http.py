"""Hours over HTTP: records follow what is confirmed, certificates stay true, figures add up."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from services.volunteering.certifying import number_of, read_number
from services.volunteering.domain.hours.certificate import certificate
from services.volunteering.domain.hours.record import service_record
from services.volunteering.reactions.hours import look_again, replacement_id
from shared.contracts.community import ResidentErased
from shared.contracts.volunteering import CertificateIssued, HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.hours import Work
from shared.runtime.reactions import About
from shared.worktime.hours import CHINA
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    OTHER_NEIGHBOURHOOD,
    enrol,
    tells,
    volunteering,
)

MAY = datetime(2026, 5, 3, 1, 0, tzinfo=UTC)
HALF_YEAR = {"from": "2026-01-01", "to": "2026-06-30"}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as service:
        await enrol(service, "wang", "lin", "chen")
        yield service


async def eventually(reached: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while True:
            if await reached():
                return
            await asyncio.sleep(0.01)


async def confirm(
    at: Served,
    work: str,
    volunteer: str = "wang",
    minutes: int = 90,
    *,
    kind: Work = Work.ACTIVITY,
    place: str = NEIGHBOURHOOD,
    begun: datetime = MAY,
    team: str | None = None,
) -> None:
    event = HoursConfirmed(work, kind, volunteer, place, begun, minutes, "chen", team)
    await tells(at, event, f"{kind}-{work}-{volunteer}")
    await eventually(lambda: _is_there(at, f"{work}.{volunteer}"))


async def _is_there(at: Served, record: str) -> bool:
    return await at.running.store.get(service_record, record) is not None


async def correct(at: Served, work: str, before: int, minutes: int, number: int = 2) -> None:
    event = HoursCorrected(work, Work.ACTIVITY, "wang", NEIGHBOURHOOD, MAY, before, minutes, "chen")
    await tells(at, event, f"activity-{work}-wang", number)


# --- records -------------------------------------------------------------------------------------


async def test_ones_hours_are_listed_and_added_up(at: Served) -> None:
    await confirm(at, "a1")
    await confirm(at, "w1", minutes=30, kind=Work.WISH, begun=MAY + timedelta(days=1))
    await confirm(at, "a0", minutes=60, begun=MAY - timedelta(days=365))
    await confirm(at, "a1", "lin")
    mine = (await at.ask("GET", "/my-hours", "wang")).json()
    assert [one["work"] for one in mine["items"]] == ["w1", "a1", "a0"]
    assert (mine["minutes"], mine["services"]) == (180, 3)
    assert mine["by_work"] == {"activity": 150, "wish": 30}
    assert mine["by_year"] == {"2025": 60, "2026": 120}
    this = (await at.ask("GET", "/my-hours?year=2025", "wang")).json()
    assert (this["minutes"], len(this["items"])) == (60, 1)
    page = (await at.ask("GET", "/my-hours?limit=2", "wang")).json()
    rest = (await at.ask("GET", f"/my-hours?limit=2&cursor={page['next']}", "wang")).json()
    assert [one["work"] for one in rest["items"]] == ["a0"]


async def test_a_record_is_seen_by_its_volunteer_and_staff_there(at: Served) -> None:
    await confirm(at, "a1")
    path = "/service-records/a1.wang"
    assert (await at.ask("GET", path, "wang")).json()["path"][-1] == NEIGHBOURHOOD
    assert (await at.ask("GET", path, "lin")).status_code == 404
    here = {"places": (COMMUNITY,)}
    assert (await at.ask("GET", path, "clerk", "community-staff", **here)).status_code == 200  # type: ignore[arg-type]
    there = {"places": (OTHER_COMMUNITY,)}
    assert (await at.ask("GET", path, "clerk", "community-staff", **there)).status_code == 404  # type: ignore[arg-type]


# --- certificates --------------------------------------------------------------------------------


async def issued(at: Served, **period: str) -> Any:
    asked = {**HALF_YEAR, **period}
    answer = await at.ask("POST", "/certificates", "wang", "resident", json=asked)
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    return (await at.ask("GET", f"/certificates/{id}", "wang")).json()


async def checked(at: Served, one: Any, digest: str | None = None) -> Any:
    asked = {"digest": digest or one["digest"]}
    answer = await at.client.get(f"/public/certificates/{one['number']}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_certificate_is_proved_by_the_digest_of_its_document(at: Served) -> None:
    await confirm(at, "a1")
    await confirm(at, "w1", minutes=30, kind=Work.WISH)
    await confirm(at, "late", begun=datetime(2026, 6, 30, 16, 0, tzinfo=UTC))
    one = await issued(at)
    assert (one["minutes"], len(one["services"]), one["can"]) == (120, 2, [])
    document = await at.ask("GET", f"/certificates/{one['id']}/document", "wang")
    assert sha256(document.content).hexdigest() == one["digest"]
    said = document.json()
    assert (said["number"], said["name"], said["minutes"]) == (one["number"], "某人", 120)
    verdict = await checked(at, one)
    assert (verdict["verdict"], verdict["minutes"]) == ("valid", 120)
    assert "wang" not in str(verdict)


async def test_who_guesses_learns_nothing(at: Served) -> None:
    await confirm(at, "a1")
    one = await issued(at)
    assert (await checked(at, one, "0" * 64))["verdict"] == "unknown"
    nothing = {"number": number_of(999), "digest": one["digest"]}
    assert await checked(at, nothing) == {"number": nothing["number"], "verdict": "unknown"}
    spaced = {**one, "number": " ".join(one["number"].lower())}
    assert (await checked(at, spaced))["verdict"] == "valid"
    misread = {**one, "number": "V12"}
    assert (await checked(at, misread))["verdict"] == "unknown"
    for path in (f"/certificates/{one['id']}", f"/certificates/{one['id']}/document"):
        assert (await at.ask("GET", path, "lin")).status_code == 404


async def test_one_request_leads_to_one_certificate(at: Served) -> None:
    await confirm(at, "a1")
    key = {"headers": {"Idempotency-Key": "k1"}, "json": HALF_YEAR}
    first = await at.ask("POST", "/certificates", "wang", **key)  # type: ignore[arg-type]
    again = await at.ask("POST", "/certificates", "wang", **key)  # type: ignore[arg-type]
    assert first.json() == again.json()
    other = await issued(at)
    assert other["id"] != first.json()["id"]
    listed = (await at.ask("GET", "/certificates", "wang")).json()["items"]
    assert [one["id"] for one in listed] == [other["id"], first.json()["id"]]


@pytest.mark.parametrize(
    ("period", "status", "code"),
    [
        ({"from": "2026-01-01", "to": "2025-01-01"}, 422, "invalid"),
        ({"from": "2026-01-01", "to": "2099-01-01"}, 422, "invalid"),
        ({"from": "2001-01-01", "to": "2026-01-01"}, 422, "invalid"),
        ({"from": "yesterday", "to": "2026-01-01"}, 422, "invalid"),
        ({"from": "2026-01-01"}, 422, "invalid"),
        (HALF_YEAR, 409, "nothing-to-certify"),
    ],
)
async def test_what_is_not_certified(
    at: Served, period: dict[str, str], status: int, code: str
) -> None:
    answer = await at.ask("POST", "/certificates", "wang", json=period)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:jinlin:problem:{code}")


async def test_when_hours_are_corrected_another_certificate_takes_its_place(at: Served) -> None:
    await confirm(at, "a1")
    await confirm(at, "a2", minutes=30)
    one = await issued(at)
    await correct(at, "a1", 90, 45)
    other = replacement_id(one["id"])
    await eventually(lambda: _issued(at, other))
    assert (await checked(at, one))["verdict"] == "withdrawn"
    new = (await at.ask("GET", f"/certificates/{other}", "wang")).json()
    assert (new["minutes"], new["replaces"]) == (75, one["number"])
    assert (await checked(at, new))["verdict"] == "valid"
    # Corrected once more, that one is replaced as well.
    await correct(at, "a1", 45, 0, 3)
    await eventually(lambda: _issued(at, replacement_id(other)))
    last = (await at.ask("GET", f"/certificates/{replacement_id(other)}", "wang")).json()
    assert (last["minutes"], len(last["services"])) == (30, 1)


async def _issued(at: Served, id: str) -> bool:
    return await at.running.store.get(certificate, id) is not None


async def test_what_was_issued_in_error_is_withdrawn_without_another(at: Served) -> None:
    await confirm(at, "a1")
    one = await issued(at)
    path = f"/certificates/{one['id']}/withdraw"
    assert (await at.ask("POST", path, "wang", "resident", json={})).status_code == 403
    assert (await at.ask("POST", path, "root", "administrator", json={})).status_code == 200
    verdict = await checked(at, one)
    assert (verdict["verdict"], verdict["because"]) == ("withdrawn", "issued-in-error")


async def test_of_who_is_erased_hours_count_on_and_the_name_is_gone(at: Served) -> None:
    await confirm(at, "a1")
    one = await issued(at)
    await tells(at, ResidentErased("wang"), "resident-wang")

    async def disowned() -> bool:
        record = await at.running.store.get(service_record, "a1.wang")
        return record is not None and record.state.volunteer is None

    await eventually(disowned)
    stream = certificate.stream(one["id"])

    async def nameless() -> bool:
        return await at.running.store.journal.dossier(stream) == []

    await eventually(nameless)
    # That it was issued may come to light later than that they are gone: nothing was corrected.
    now = at.running.clock.now()
    late = CertificateIssued(one["id"], one["number"], "wang", MAY, now, 90, one["digest"])
    about = About(f"volunteering/{stream}/1/9", "volunteering", "", stream, 1, now, "late")
    await look_again(late, about, at.running.store.do_for(about))
    assert (await at.ask("GET", f"/certificates/{one['id']}/document", "wang")).status_code == 404
    assert (await checked(at, one))["verdict"] == "valid"
    figures = (await at.ask("GET", "/statistics?from=2026-05&to=2026-05", "lin")).json()
    assert (figures["total"]["minutes"], figures["total"]["people"]) == (90, 0)


def test_numbers_are_read_however_they_are_written() -> None:
    number = number_of(12)
    assert len(number) == 11
    assert read_number(f" {number[:4]}-{number[4:].lower()} ") == number
    assert read_number(number[:-1] + str((int(number[-1]) + 1) % 10)) is None
    assert read_number("") is None


# --- figures -------------------------------------------------------------------------------------


async def test_figures_equal_what_somebody_counts_by_hand(at: Served) -> None:
    chance = Random(7)
    by_group: dict[Any, dict[str, Any]] = defaultdict(
        lambda: {"people": set(), "minutes": 0, "services": 0}
    )
    for n in range(60):
        person = chance.choice(["wang", "lin", "chen", "wu", "zhao"])
        place = chance.choice([NEIGHBOURHOOD, COMMUNITY, OTHER_NEIGHBOURHOOD])
        team = chance.choice(["t1", "t2", None])
        begun = datetime(2026, chance.randint(1, 4), chance.randint(1, 28), 2, tzinfo=UTC)
        minutes = chance.choice([30, 60, 90])
        kind = chance.choice(list(Work))
        await confirm(at, f"x{n}", person, minutes, kind=kind, place=place, begun=begun, team=team)
        child = OTHER_COMMUNITY if place == OTHER_NEIGHBOURHOOD else COMMUNITY
        for key in (("total",), ("place", child), ("team", team), ("month", f"{begun:%Y-%m}")):
            group = by_group[key]
            group["people"].add(person)
            group["minutes"] += minutes
            group["services"] += 1
    path = "/statistics?place=s1&from=2026-01&to=2026-04"
    total = (await at.ask("GET", path, "lin")).json()["total"]
    assert _same(total, by_group[("total",)])
    for by in ("place", "team", "month"):
        rows = (await at.ask("GET", f"{path}&by={by}", "lin")).json()["items"]
        assert {row[by] for row in rows} == {key[1] for key in by_group if key[0] == by}
        for row in rows:
            assert _same(row, by_group[(by, row[by])])
    both = (await at.ask("GET", f"{path}&by=team,month", "lin")).json()["items"]
    assert sum(row["minutes"] for row in both) == total["minutes"]
    of_team = (await at.ask("GET", f"{path}&team=t1", "lin")).json()["total"]
    assert _same(of_team, by_group[("team", "t1")])
    table = (await at.ask("GET", f"{path}&by=month&format=csv", "lin")).text.splitlines()
    assert len(table) == 1 + 4
    assert table[0].lstrip("\ufeff").startswith("month,activities,")


def _same(row: Any, group: Any) -> bool:
    return (row["people"], row["minutes"], row["services"]) == (
        len(group["people"]),
        group["minutes"],
        group["services"],
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("by=person", 422),
        ("from=2026-05&to=2026-04", 422),
        ("from=2020-01&to=2026-04", 422),
        ("from=2026-13", 422),
        ("place=nowhere", 404),
        ("by=place,team,month", 200),
        ("", 200),
    ],
)
async def test_what_can_be_asked(at: Served, asked: str, status: int) -> None:
    assert (await at.ask("GET", f"/statistics?{asked}", "lin")).status_code == status


# --- honours -------------------------------------------------------------------------------------


async def agree(at: Served, person: str) -> None:
    answer = await at.ask(
        "POST", f"/volunteers/{person}/agree-to-be-named", person, "resident", json={}
    )
    assert answer.status_code == 200, answer.text


async def test_only_who_agreed_is_named_and_the_others_are_counted(at: Served) -> None:
    await confirm(at, "a1", "wang", 90)
    await confirm(at, "a1", "lin", 120)
    await confirm(at, "a1", "chen", 90, place=OTHER_NEIGHBOURHOOD)
    await confirm(at, "a0", "wang", 600, begun=MAY - timedelta(days=365))
    await agree(at, "wang")
    await agree(at, "chen")
    year = (await at.ask("GET", "/honours?year=2026", "wu")).json()
    assert (year["people"], year["minutes"]) == (3, 300)
    assert [(one["volunteer"], one["name"], one["rank"]) for one in year["items"]] == [
        ("chen", "某人", 2),
        ("wang", "某人", 2),
    ]
    here = (await at.ask("GET", f"/honours?year=2026&place={COMMUNITY}", "wu")).json()
    assert [one["volunteer"] for one in here["items"]] == ["wang"]
    assert here["people"] == 2
    before = (await at.ask("GET", "/honours?year=2025", "wu")).json()
    assert [one["minutes"] for one in before["items"]] == [600]
    assert (await at.ask("GET", "/honours?place=nowhere", "wu")).status_code == 404
    withdrawn = await at.ask(
        "POST", "/volunteers/wang/withdraw-naming", "wang", "resident", json={}
    )
    assert withdrawn.status_code == 200, withdrawn.text
    year = (await at.ask("GET", "/honours?year=2026", "wu")).json()
    assert [one["volunteer"] for one in year["items"]] == ["chen"]
    this = (await at.ask("GET", "/honours", "wu")).json()
    assert this["year"] == datetime.now(CHINA).year
