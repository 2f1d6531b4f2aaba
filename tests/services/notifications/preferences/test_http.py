"""Preferences over HTTP: one's own only; codes, links, imports, digests and forgetting for real."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from services.notifications.contact_codes import (
    code_for,
    is_code,
    mark_of,
    secret_in_use,
    unsubscribe_token,
    unsubscribes,
)
from services.notifications.domain.kinds import Topic
from services.notifications.domain.message import Post, message, message_id
from services.notifications.domain.preferences.address_commands import MarkBad
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.preferences.state import Preferences
from services.notifications.domain.ways import Way
from services.notifications.main import service
from shared.contracts import community, notifications
from shared.runtime.tries import WRONG_TRIES
from tests.services.community.served import Served, served, until
from tests.services.mediation.served import settled, tells

WANG, LIN = "wang", "lin"
WORDING = "2026-01"
SECRET = secret_in_use()
BROWSER = {
    "endpoint": "https://push.example/secret",
    "p256dh": "B" + "k" * 86,
    "auth": "a" * 22,
    "wording": WORDING,
}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        assert (await made.ask("POST", "/preferences", WANG, json={})).status_code == 201
        yield made


async def say(
    at: Served, verb: str, body: dict[str, Any], sub: str = WANG, whose: str = WANG
) -> Any:
    return await at.ask("POST", f"/preferences/{whose}/{verb}", sub, json=body)


async def stored(at: Served, person: str = WANG) -> Preferences:
    found = await at.running.store.get(preferences, person)
    return Preferences() if found is None else found.state


async def inbox(at: Served, **headers: str) -> list[dict[str, Any]]:
    answer = await at.ask("GET", "/inbox?limit=200", WANG, headers=headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def arrived(at: Served, kind: str) -> list[dict[str, Any]]:
    """Waits for messages of a kind."""
    async with asyncio.timeout(10):
        while True:
            if found := [one for one in await inbox(at) if one["kind"] == kind]:
                return found
            await asyncio.sleep(0.01)


async def post(at: Served, kind: str = "petition-taken", event: str = "e1") -> None:
    params = {"petition": "p1", "level": "area"}
    told = Post(WANG, kind, params, "petition-p1", event)
    id = message_id(event, WANG, kind)
    await at.running.store.do(message, id, told, actor="service:notifications")


async def test_everybody_has_their_own_and_sees_nobody_elses(at: Served) -> None:
    said = await say(at, "choose-ways", {"topic": "points", "ways": ["email"]})
    assert said.status_code == 200, said.text
    mine = (await at.ask("GET", f"/preferences/{WANG}", WANG)).json()
    assert mine["ways"] == {"points": ["email"]}
    assert mine["quiet"] == {"begin": 22 * 60, "end": 7 * 60}
    for path in ("", "/timeline"):
        other = await at.ask("GET", f"/preferences/{WANG}{path}", LIN, "administrator")
        assert other.status_code == 404
    for sub in (LIN, "admin"):
        other = await say(at, "stop-way", {"way": "email"}, sub)
        assert other.status_code == 404
    assert (await stored(at)).stopped == ()


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("give-email", {"address": "no address", "wording": WORDING}),
        ("give-email", {"address": "a@example.com\nBcc: b@example.com", "wording": WORDING}),
        ("give-email", {"address": "a@example.com"}),
        ("give-phone", {"number": "12345", "wording": WORDING}),
        ("give-push", {**BROWSER, "endpoint": "ftp://x.example/1"}),
        ("give-push", {**BROWSER, "p256dh": "k"}),
        ("choose-ways", {"topic": "weather", "ways": []}),
        ("set-quiet-hours", {"begin": "25:00", "end": "06:00"}),
        ("ask-code", {"way": "push"}),
        ("choose-language", {"language": "fr"}),
    ],
)
async def test_bad_input_is_named(at: Served, verb: str, body: dict[str, Any]) -> None:
    answer = await say(at, verb, body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_an_address_is_confirmed_by_the_code_that_is_sent_there(at: Served) -> None:
    given = await say(at, "give-email", {"address": "wang@example.com", "wording": WORDING})
    assert given.status_code == 200, given.text
    assert not (await stored(at)).reached_by(Way.EMAIL)
    (told,) = await arrived(at, "address-code")
    assert told["kind"] == "address-code"
    code = code_for(WANG, "email", 1, SECRET)
    assert code not in str(told)
    wrong = "000000" if code != "000000" else "111111"
    refused = await say(at, "confirm", {"way": "email", "code": wrong})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:jinlin:problem:wrong-code")
    done = await say(at, "confirm", {"way": "email", "code": code})
    assert done.status_code == 200, done.text
    assert (await stored(at)).reached_by(Way.EMAIL)
    shown = (await at.ask("GET", f"/preferences/{WANG}", WANG)).json()
    assert [entry["data"] for entry in shown["dossier"]] == [{"address": "wang@example.com"}]
    assert shown["consents"]["email"]["wording"] == WORDING


async def test_a_code_is_guessed_five_times_and_then_not_even_the_right_one_counts(
    at: Served,
) -> None:
    await say(at, "give-phone", {"number": "13800138000", "wording": WORDING})
    code = code_for(WANG, "sms", 1, SECRET)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(WRONG_TRIES):
        answer = await say(at, "confirm", {"way": "sms", "code": wrong})
        assert answer.json()["type"].endswith(":wrong-code")
    locked = await say(at, "confirm", {"way": "sms", "code": code})
    assert locked.json()["type"].endswith(":code-locked")
    assert not (await stored(at)).reached_by(Way.SMS)


async def test_a_browser_is_shown_by_its_provider_only(at: Served) -> None:
    assert (await say(at, "give-push", BROWSER)).status_code == 200
    shown = await at.ask("GET", f"/preferences/{WANG}", WANG)
    assert shown.json()["dossier"][0]["data"] == {"provider": "push.example"}
    assert (await say(at, "remove-address", {"way": "push"})).status_code == 200
    gone = await at.ask("GET", f"/preferences/{WANG}", WANG)
    assert "push" not in gone.json()["consents"]
    assert not (await stored(at)).reached_by(Way.PUSH)


async def test_the_chosen_language_goes_before_the_one_asked_for(at: Served) -> None:
    await post(at)
    (english,) = await inbox(at, **{"Accept-Language": "en"})
    assert english["title"] == "Your petition is being worked on"
    (asked,) = await inbox(at, **{"Accept-Language": "zh-TW"})
    assert asked["title"] == "您的訴求正在辦理"
    await say(at, "choose-language", {"language": "zh-Hans"})
    (chosen,) = await inbox(at, **{"Accept-Language": "en"})
    assert chosen["title"] == "您的诉求正在办理"


# --- links ----------------------------------------------------------------------------------------


async def test_a_page_asks_and_one_click_unsubscribes(at: Served) -> None:
    link = f"/unsubscribe?t={unsubscribe_token(WANG, Topic.POINTS, SECRET)}"
    page = await at.client.get(link, headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 200
    assert "积分" in page.text
    assert '<form method="post">' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert (await stored(at)).ways == {}, "opening a page changes nothing"
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        done = await at.client.post(link, data=body, headers={"Accept-Language": "en"})
        assert done.status_code == 200
        assert "no more e-mail about “points”" in done.text
    chosen = (await stored(at)).ways[Topic.POINTS]
    assert set(chosen) == set(Way) - {Way.EMAIL}
    everything = unsubscribe_token(WANG, None, SECRET)
    assert everything in page.text
    await at.client.post(f"/unsubscribe?t={everything}")
    assert (await stored(at)).stopped == (Way.EMAIL,)
    commits = (await at.ask("GET", f"/preferences/{WANG}/timeline", WANG)).json()["items"]
    assert commits[-1]["actor"] == "unsubscribe-link"


@pytest.mark.parametrize("change", ["", "A", "%F0%9F", "x" * 400])
async def test_a_link_that_we_did_not_make_does_nothing(at: Served, change: str) -> None:
    good = unsubscribe_token(WANG, None, SECRET)
    for token in (change, change + good[1:], good[:-1] + ("A" if good[-1] != "A" else "B")):
        for method in ("GET", "POST"):
            answer = await at.client.request(method, f"/unsubscribe?t={token}")
            assert answer.status_code in (404, 422)
    assert (await stored(at)).stopped == ()


def test_links_and_codes_are_for_one_person_and_one_secret() -> None:
    other = "another secret of the same length as ours"
    token = unsubscribe_token(WANG, Topic.HELP, SECRET)
    assert unsubscribes(token, SECRET) == (WANG, Topic.HELP)
    assert unsubscribes(quote(token), SECRET) == (WANG, Topic.HELP)
    assert unsubscribes(token, other) is None
    assert unsubscribes(unsubscribe_token("王", None, SECRET), SECRET) == ("王", None)
    code = code_for(WANG, "email", 1, SECRET)
    assert is_code(code, WANG, "email", 1, SECRET)
    others = [(LIN, "email", 1, SECRET), (WANG, "sms", 1, SECRET), (WANG, "email", 2, SECRET)]
    others.append((WANG, "email", 1, other))
    assert sum(is_code(code, *one) for one in others) == 0
    assert mark_of("a@example.com", SECRET) != mark_of("a@example.com", other)


# --- imports --------------------------------------------------------------------------------------


def line(person: str = LIN, **changes: Any) -> dict[str, Any]:
    return {
        "person": person,
        "way": "email",
        "address": f"{person}@example.com",
        "wording": "hotline-3",
        "agreed_at": "2024-05-01T09:00:00+08:00",
        **changes,
    }


async def imported(at: Served, *lines: dict[str, Any], role: str = "administrator") -> Any:
    body = {"source": "hotline", "lines": list(lines)}
    return await at.ask("POST", "/address-imports", "admin", role, json=body)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["outcome"] for item in answer.json()["items"]]


async def test_an_import_is_told_line_by_line_and_done_once(at: Served) -> None:
    lines = (
        line(),
        line("chen", way="sms", address="13800138000"),
        line("chen", address="nonsense"),
        line("chen", agreed_at="2024-05-01"),
        line("chen", colour="red"),
        line("gone", unsubscribed=True, address=""),
    )
    first = await imported(at, *lines)
    assert outcomes(first) == ["taken", "taken", "wrong", "wrong", "wrong", "taken"]
    wrong = [(one["line"], one["field"]) for one in first.json()["items"] if "field" in one]
    assert wrong == [(3, "address"), (4, "agreed_at"), (5, "colour")]
    assert (await stored(at, LIN)).reached_by(Way.EMAIL)
    assert (await stored(at, LIN)).consents[Way.EMAIL].by == "admin"
    assert (await stored(at, "gone")).stopped == (Way.EMAIL,)
    again = await imported(at, *lines)
    assert outcomes(again) == ["known", "known", "wrong", "wrong", "wrong", "known"]
    assert outcomes(await imported(at, line("gone"))) == ["kept"]


async def test_who_unsubscribed_stays_so_across_imports(at: Served) -> None:
    assert outcomes(await imported(at, line(WANG))) == ["taken"]
    await at.client.post(f"/unsubscribe?t={unsubscribe_token(WANG, None, SECRET)}")
    assert outcomes(await imported(at, line(WANG, address="new@example.com"))) == ["kept"]
    assert outcomes(await imported(at, line(WANG, wording="hotline-4"))) == ["kept"]
    assert (await stored(at)).stopped == (Way.EMAIL,)


async def test_what_a_person_gave_is_not_overwritten(at: Served) -> None:
    await say(at, "give-email", {"address": "wang@example.com", "wording": WORDING})
    assert outcomes(await imported(at, line(WANG, address="other@example.com"))) == ["kept"]
    entry = await at.running.store.do_for(None).latest(preferences, WANG, "EmailGiven")  # type: ignore[arg-type]
    assert entry == {"address": "wang@example.com"}


async def test_only_administrators_import(at: Served) -> None:
    assert (await imported(at, line(), role="community-staff")).status_code == 403
    too_many = await imported(at, *(line(f"p{n}") for n in range(501)))
    assert too_many.status_code == 422


# --- digest, erasure, export ----------------------------------------------------------------------


async def test_a_digest_tells_once_how_much_came(at: Served) -> None:
    since = at.running.clock.now()
    for n in range(3):
        await post(at, event=f"e{n}")
    await post(at, "order-begun", "e9")
    due = notifications.DigestDue(WANG, since, at.running.clock.now().replace(year=2099))
    for _ in range(3):
        await tells(at, due, f"preferences-{WANG}", 7)
    await tells(at, community.ResidentMoved(LIN, "u2", "u1"), "resident-lin")
    told = await arrived(at, "digest")
    documents = at.running.journal.disk._of("message").documents  # type: ignore[attr-defined]
    await until(lambda: any(one["s"]["recipient"] == LIN for one in documents.values()))
    assert len(told) == 1
    assert told[0]["params"] == {"count": "4", "topics": "petitions=3 help=1"}
    digests = [one for one in documents.values() if one["s"]["kind"] == "digest"]
    assert len(digests) == 1


async def test_where_nothing_came_there_is_no_digest(at: Served) -> None:
    now = at.running.clock.now()
    await tells(at, notifications.DigestDue(WANG, now, now), f"preferences-{WANG}", 7)
    await tells(at, community.ResidentMoved(LIN, "u2", "u1"), "resident-lin")
    documents = at.running.journal.disk._of("message").documents  # type: ignore[attr-defined]
    await until(lambda: any(one["s"]["recipient"] == LIN for one in documents.values()))
    assert await inbox(at) == []


async def test_an_erased_person_is_forgotten_and_not_imported_again(at: Served) -> None:
    await say(at, "give-email", {"address": "wang@example.com", "wording": WORDING})
    own = (await at.ask("GET", "/my-data", WANG)).json()
    (held,) = [one for one in own["things"] if one["kind"] == "preferences"]
    assert held["dossier"][0]["data"] == {"address": "wang@example.com"}
    await tells(at, community.ResidentErased(WANG), "resident-wang", 2)
    await settled(at, preferences, WANG, lambda known: known.person == "")
    assert await at.running.journal.dossier(f"preferences-{WANG}") == []
    await until(lambda: WANG in at.running.copies["addressee"])
    assert outcomes(await imported(at, line(WANG))) == ["kept"]
    again = await at.ask("POST", "/preferences", WANG, json={})
    assert (again.status_code, again.json()["type"]) == (409, "urn:jinlin:problem:inbox-closed")


async def test_a_bounce_marks_the_address(at: Served) -> None:
    await imported(at, line(WANG))
    await at.running.store.do(preferences, WANG, MarkBad(Way.EMAIL), actor="service:notifications")
    assert not (await stored(at)).reached_by(Way.EMAIL)
