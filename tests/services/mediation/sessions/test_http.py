"""Sessions over HTTP: a time, a room, what is said and who reads it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.sessions.room_day import day_id, room_day
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_state import Status
from shared.contracts import community
from shared.contracts.envelope import topic
from tests.services.mediation.panels.peace import appointed, filed, registered, seated
from tests.services.mediation.quarrel import CHEN, LIN, STRANGER, code_of, does, reads
from tests.services.mediation.served import (
    COMMUNITY,
    OTHER_COMMUNITY,
    by_convenor,
    mediation,
    settled,
    tells,
)
from tests.services.mediation.sessions.meeting import (
    HU,
    convened,
    held,
    mediated,
    opened_room,
    slot,
    voted,
    was_set,
)


def read_calendar(written: bytes) -> Any:
    """As a calendar program reads it."""
    return Calendar.from_ical(written)


SAID = "陈某承认木柜是他的，愿意三天内搬走"


# --- a time and a room ---------------------------------------------------------------------------


async def test_a_session_is_set_when_all_can_and_the_room_is_free() -> None:
    async with mediation() as at:
        await opened_room(at)
        of = await mediated(at)
        id = await convened(at, of, room="hall")
        await voted(at, id, 1, 2, who=(HU, LIN))
        await voted(at, id, 2, who=(CHEN,))
        state = await was_set(at, id)
        assert state.slot == 2
        assert state.last is not None
        day = state.last.begin.date().isoformat()
        booked = await settled(
            at, room_day, day_id("hall", day), lambda seen: bool(seen.bookings[0].confirmed)
        )
        assert [one.session for one in booked.bookings] == [id]
        taken = (await reads(at, STRANGER, f"/rooms/hall/days/{day}")).json()
        assert len(taken["taken"]) == 1
        assert id not in str(taken)


async def test_the_poll_says_who_cannot() -> None:
    async with mediation() as at:
        of = await mediated(at)
        id = await convened(at, of)
        await voted(at, id, 1, who=(HU, LIN))
        await voted(at, id, 2, who=(CHEN,))
        seen = (await by_convenor(at, "GET", f"/sessions/{id}")).json()
        first, second = seen["poll"]
        assert (first["fits"], first["cannot"]) == (False, [CHEN])
        assert (second["fits"], second["cannot"]) == (False, [LIN, HU])
        assert "poll" not in (await reads(at, LIN, f"/sessions/{id}")).json()
        assert seen["status"] == "unmet"
        refused = await does(at, HU, f"/sessions/{id}/choose", slot=1)
        assert code_of(refused) == "not-all-can"
        assert CHEN not in refused.json()["detail"]


async def test_two_sessions_want_one_room_at_one_time() -> None:
    async with mediation() as at:
        await opened_room(at)
        times = [slot(at, 3), slot(at, 3, hour=14)]
        sessions = []
        for _ in range(2):
            of = await mediated(at)
            sessions.append(await convened(at, of, *times, room="hall"))
        await asyncio.gather(*(voted(at, id, 1, 2) for id in sessions))
        states = [await was_set(at, id) for id in sessions]
        assert sorted(state.slot or 0 for state in states) == [1, 2]


async def test_where_no_room_is_free_another_is_taken() -> None:
    async with mediation() as at:
        await opened_room(at)
        await opened_room(at, "den", name="调解室", capacity=3)
        only = slot(at, 3)
        first = await convened(at, await mediated(at), only, room="hall")
        await voted(at, first, 1)
        await was_set(at, first)
        second = await convened(at, await mediated(at), only, room="hall")
        await voted(at, second, 1)
        unmet = await settled(at, session, second, lambda state: state.status is Status.UNMET)
        assert unmet.tried == (1,)
        seen = (await reads(at, HU, f"/sessions/{second}")).json()
        assert seen["poll"][0]["room_taken"]
        moved = await does(at, HU, f"/sessions/{second}/take-room", room="den")
        assert moved.status_code == 200, moved.text
        assert (await was_set(at, second)).room == "den"


async def test_a_room_that_is_given_up_is_free_for_others() -> None:
    async with mediation() as at:
        await opened_room(at)
        only = slot(at, 3)
        first = await convened(at, await mediated(at), only, room="hall")
        await voted(at, first, 1)
        await was_set(at, first)
        off = await does(at, HU, f"/sessions/{first}/call-off", reason="雨太大")
        assert off.status_code == 200, off.text
        second = await convened(at, await mediated(at), only, room="hall")
        await voted(at, second, 1)
        await was_set(at, second)


async def test_when_a_room_closes_its_sessions_have_none() -> None:
    async with mediation() as at:
        await opened_room(at)
        id = await convened(at, await mediated(at), room="hall")
        await voted(at, id, 1)
        await was_set(at, id)
        closed = await by_convenor(at, "POST", "/rooms/hall/close", json={})
        assert closed.status_code == 200, closed.text
        lost = await settled(at, session, id, lambda state: state.status is Status.UNMET)
        assert lost.room is None


async def test_rooms_are_kept_by_convenors_and_found_by_all() -> None:
    async with mediation() as at:
        await opened_room(at)
        found = await reads(at, STRANGER, "/rooms", params={"place": "n1"})
        assert [one["id"] for one in found.json()["items"]] == ["hall"]
        shut = {"name": "x", "capacity": 3, "hours": [{"weekday": 0, "span": "09:00-08:00"}]}
        wrong = await by_convenor(at, "POST", "/rooms/hall/revise", json=shut)
        assert code_of(wrong) == "room-hours"
        assert (await does(at, LIN, "/rooms/hall/close")).status_code == 403


# --- invitations ---------------------------------------------------------------------------------


async def test_an_invitation_is_a_request_and_a_cancellation_has_a_higher_sequence() -> None:
    async with mediation() as at:
        await opened_room(at)
        id = await convened(at, await mediated(at), room="hall")
        assert (await reads(at, LIN, f"/sessions/{id}/calendar")).status_code == 404
        await voted(at, id, 1)
        state = await was_set(at, id)
        assert state.last is not None
        answer = await reads(at, LIN, f"/sessions/{id}/calendar")
        assert answer.headers["content-type"] == "text/calendar; method=REQUEST; charset=utf-8"
        calendar = read_calendar(answer.content)
        (event,) = calendar.walk("VEVENT")
        assert (calendar["method"], event["status"]) == ("REQUEST", "CONFIRMED")
        assert event["uid"] == f"session-{id}@mediation.jinlin"
        assert event.decoded("dtstart") == state.last.begin
        assert event["location"] == "n1 近邻议事厅"
        assert str(event["attendee"]) == f"urn:jinlin:person:{LIN}"
        assert CHEN not in answer.text
        await does(at, HU, f"/sessions/{id}/call-off")
        again = read_calendar((await reads(at, LIN, f"/sessions/{id}/calendar")).content)
        (off,) = again.walk("VEVENT")
        assert (again["method"], off["status"]) == ("CANCEL", "CANCELLED")
        assert off["uid"] == event["uid"]
        assert off["sequence"] > event["sequence"]
        assert (await reads(at, STRANGER, f"/sessions/{id}/calendar")).status_code == 404


# --- who convenes, who sees ----------------------------------------------------------------------


async def test_only_the_mediator_convenes_and_only_while_it_is_mediated() -> None:
    async with mediation() as at:
        of = await mediated(at)
        answer_by = (at.running.clock.now() + timedelta(hours=2)).isoformat()
        asked = {"dispute": of, "slots": [slot(at, 3)], "answer_by": answer_by}
        for person in (LIN, STRANGER):
            refused = await does(at, person, "/sessions", **asked)
            assert code_of(refused) == "not-yours-to-convene"
        nothing = await does(at, HU, "/sessions", **{**asked, "dispute": "no-such"})
        assert code_of(nothing) == "not-yours-to-convene"
        outside = await does(at, STRANGER, "/sessions", **asked, place=COMMUNITY)
        assert outside.status_code == 403
        id = await convened(at, of)
        left = await does(at, CHEN, f"/disputes/{of}/leave")
        assert left.status_code == 200, left.text
        await settled(at, session, id, lambda state: state.status is Status.CALLED_OFF)
        over = await does(at, HU, "/sessions", **asked)
        assert code_of(over) == "not-mediating"


async def test_a_convenor_asks_for_times_until_there_is_a_mediator() -> None:
    async with mediation() as at:
        await registered(at, HU)
        of = await filed(at)
        answer_by = (at.running.clock.now() + timedelta(hours=20)).isoformat()
        asked = {"dispute": of, "slots": [slot(at, 3)], "answer_by": answer_by}
        nowhere = await by_convenor(at, "POST", "/sessions", json=asked)
        assert code_of(nowhere) == "not-yours-to-convene"
        answer = await by_convenor(at, "POST", "/sessions", json={**asked, "place": COMMUNITY})
        assert answer.status_code == 201, answer.text
        id = answer.json()["id"]
        times = {"slots": [slot(at, 4)], "answer_by": answer_by}
        propose = f"/sessions/{id}/propose"
        assert (await by_convenor(at, "POST", propose, json=times)).status_code == 200
        await voted(at, id, 1, who=(LIN, CHEN))
        # Nobody mediates yet, so no time can fit.
        await settled(at, session, id, lambda state: state.status is Status.UNMET)
        await appointed(at, of, HU)
        await settled(at, session, id, lambda state: HU in state.people)
        assert (await by_convenor(at, "POST", propose, json=times)).status_code == 403
        assert (await does(at, HU, propose, **times)).status_code == 200
        await voted(at, id, 1)
        await was_set(at, id)


async def test_a_private_talk_is_unknown_to_everybody_else() -> None:
    async with mediation() as at:
        of = await mediated(at)
        joint = await convened(at, of)
        talk = await held(at, of, side="b", agenda="底线")
        drafted = await does(at, HU, f"/sessions/{talk}/draft", text=SAID)
        assert drafted.status_code == 200, drafted.text
        seen = (await reads(at, CHEN, f"/sessions/{talk}")).json()
        assert SAID in str(seen["dossier"])
        for path in (f"/sessions/{talk}", f"/sessions/{talk}/timeline"):
            assert (await reads(at, LIN, path)).status_code == 404
            assert (await by_convenor(at, "GET", path)).status_code == 404
        assert (await reads(at, LIN, f"/sessions/{talk}/calendar")).status_code == 404
        assert (await does(at, LIN, f"/sessions/{talk}/agree", version=1)).status_code == 404
        for answer in (
            await reads(at, LIN, "/sessions", params={"of": of}),
            await by_convenor(at, "GET", "/sessions", params={"of": of}),
            await reads(at, LIN, "/sessions/mine"),
        ):
            assert [one["id"] for one in answer.json()["items"]] == [joint]
        both = (await reads(at, CHEN, "/sessions", params={"of": of})).json()["items"]
        assert {one["id"] for one in both} == {joint, talk}
        assert (await reads(at, STRANGER, "/sessions", params={"of": of})).status_code == 404


async def test_staff_see_when_it_is_and_nothing_of_what_was_said() -> None:
    async with mediation() as at:
        of = await mediated(at)
        id = await held(at, of, agenda="楼道的木柜", where="居委会二楼")
        assert (await does(at, HU, f"/sessions/{id}/draft", text=SAID)).status_code == 200
        seen = await by_convenor(at, "GET", f"/sessions/{id}")
        assert seen.status_code == 200
        assert "dossier" not in seen.json()
        assert "minutes" not in seen.json()
        assert SAID not in seen.text
        assert "木柜" not in seen.text
        assert (await by_convenor(at, "GET", f"/sessions/{id}/timeline")).status_code == 403
        far = await at.ask(
            "GET", f"/sessions/{id}", "far", "community-staff", places=(OTHER_COMMUNITY,)
        )
        assert far.status_code == 404
        admin = await at.ask("GET", f"/sessions/{id}", "root", "administrator", places=("c1",))
        assert admin.status_code == 404


async def test_with_the_panel_its_members_are_invited() -> None:
    async with mediation() as at:
        of = await mediated(at)
        await seated(at, of, party_secretary="su", police_officer="po", lawyer="law")
        answer_by = (at.running.clock.now() + timedelta(hours=2)).isoformat()
        asked = {"dispute": of, "slots": [slot(at, 3)], "answer_by": answer_by, "panel": True}

        async def complete() -> str:
            async with asyncio.timeout(10):
                while True:
                    answer = await does(at, HU, "/sessions", **asked)
                    if answer.status_code == 201:
                        return str(answer.json()["id"])
                    assert code_of(answer) == "panel-incomplete"

        id = await complete()
        assert (await reads(at, "po", f"/sessions/{id}")).status_code == 200
        await does(at, "po", f"/panels/{of}/leave")
        await settled(at, session, id, lambda state: "po" not in state.people)
        assert (await reads(at, "po", f"/sessions/{id}")).status_code == 404


# --- minutes -------------------------------------------------------------------------------------


async def test_minutes_leave_only_by_the_consent_of_all() -> None:
    async with mediation() as at:
        id = await held(at, await mediated(at))
        assert (await does(at, HU, f"/sessions/{id}/draft", text=SAID)).status_code == 200
        objected = await does(at, CHEN, f"/sessions/{id}/object", version=1, text="是五天")
        assert objected.status_code == 200
        text = SAID.replace("三天", "五天")
        assert (await does(at, HU, f"/sessions/{id}/draft", text=text)).status_code == 200
        for person in (LIN, CHEN):
            agreed = await does(at, person, f"/sessions/{id}/agree", version=2)
            assert agreed.status_code == 200, agreed.text
        asked = {"to": "judge", "name": "某法官", "purpose": "司法确认"}
        assert (await does(at, LIN, f"/sessions/{id}/ask-release", **asked)).status_code == 200
        path = f"/sessions/{id}/released"
        assert (await reads(at, "judge", path)).status_code == 404
        assert (await does(at, CHEN, f"/sessions/{id}/consent", release=1)).status_code == 200
        given = (await reads(at, "judge", path)).json()
        assert (given["text"], given["version"]) == (text, 2)
        assert (await reads(at, STRANGER, path)).status_code == 404
        assert (await reads(at, "judge", f"/sessions/{id}")).status_code == 404
        readings = await at.running.store.journal.readings(session.stream(id))
        assert ("judge", "release 1") in [(one["reader"], one["purpose"]) for one in readings]
        assert (await does(at, CHEN, f"/sessions/{id}/refuse", release=1)).status_code == 200
        assert (await reads(at, "judge", path)).status_code == 404


async def test_an_adjourned_session_goes_on_in_another() -> None:
    async with mediation() as at:
        of = await mediated(at)
        first = await held(at, of)
        adjourned = await does(at, HU, f"/sessions/{first}/adjourn", reason="等物业的图纸")
        assert adjourned.status_code == 200, adjourned.text
        second = await convened(at, of, after=first)
        linked = await settled(at, session, first, lambda state: state.next is not None)
        assert linked.next == second
        assert (await reads(at, LIN, f"/sessions/{second}")).json()["after"] == first


async def test_another_mediator_takes_what_is_ahead_and_no_private_talk() -> None:
    async with mediation() as at:
        await registered(at, "tang")
        of = await mediated(at)
        joint = await convened(at, of)
        talk = await convened(at, of, side="a")
        asked = {"person": HU, "reason": "生病"}
        assert (await by_convenor(at, "POST", f"/panels/{of}/release", json=asked)).is_success
        await settled(at, session, talk, lambda state: state.status is Status.CALLED_OFF)
        asked = {"person": "tang"}
        assert (await by_convenor(at, "POST", f"/panels/{of}/appoint", json=asked)).is_success
        assert (await does(at, "tang", f"/panels/{of}/accept")).is_success
        await settled(at, session, joint, lambda state: "tang" in state.people)
        assert (await reads(at, "tang", f"/sessions/{talk}")).status_code == 404
        assert (await reads(at, HU, f"/sessions/{joint}")).status_code == 404


async def test_whoever_is_erased_takes_the_words_along() -> None:
    async with mediation() as at:
        id = await held(at, await mediated(at), agenda="楼道的木柜")
        assert (await does(at, HU, f"/sessions/{id}/draft", text=SAID)).status_code == 200
        data = (await reads(at, CHEN, "/my-data")).json()["things"]
        assert [one["state"]["was_there"] for one in data if one["kind"] == "session"] == [True]
        await tells(at, community.ResidentErased(CHEN), "resident-chen")
        await settled(at, session, id, lambda state: CHEN not in state.people)
        assert await at.running.store.journal.dossier(session.stream(id)) == []
        assert (await reads(at, LIN, f"/sessions/{id}")).json()["minutes"] is None


async def test_neither_history_nor_topics_nor_logs_carry_what_was_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with mediation() as at:
        of = await mediated(at)
        id = await held(at, of, agenda="楼道的木柜", where="居委会二楼")
        assert (await does(at, HU, f"/sessions/{id}/draft", text=SAID)).status_code == 200
        objected = await does(at, CHEN, f"/sessions/{id}/object", version=1, text="木柜不是我的")
        assert objected.is_success
        refused = await does(at, LIN, f"/panels/{of}/refuse-mediator", reason="他是木柜的主人")
        assert refused.is_success
        await settled(at, session, id, lambda state: HU not in state.people)
        journal = at.running.store.journal
        told = repr(
            [
                await journal.history(stream)
                for stream in (session.stream(id), panel.stream(of), mediator.stream(HU))
            ]
        )
        published = at.topics.messages(topic("mediation"))
        told += repr([one.value.decode() for one in published])
        told += capsys.readouterr().out
        for words in (SAID, "木柜", "居委会"):
            assert words not in told
        assert "SessionHeld" in told
