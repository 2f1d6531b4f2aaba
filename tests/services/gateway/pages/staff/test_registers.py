"""What administrators keep: rotas, alarms, categories with their history, words of messages, the
calendar.
"""

import re
from typing import Any

import pytest

from services.gateway.identity import Session
from services.gateway.identity.forgery import FIELD
from services.gateway.pages.staff.kept import REVISING, TONGUES, WORDING
from services.gateway.pages.staff.working_days import days_of, holidays
from services.notifications.domain.kind_rule import ChangeWords
from services.petitions.domain.category_commands import Revise
from shared.runtime.bodies import CommandBody
from tests.services.gateway.pages.household import FORGERY, HOME, Services, browser, services
from tests.services.gateway.pages.staff.test_case import STAFF
from tests.services.gateway.pages.test_pages import HOSTILE, Marks

ADMINISTRATOR = Session(
    sub="administrator-1",
    name="管理员",
    roles=frozenset({"administrator", "operator"}),
    places=frozenset(),
    org=None,
    access_token="token-of-administrator-1",
    csrf=FORGERY.token("session-of-administrator-1"),
)
ROTA, ALARM, CATEGORY, RULE = (
    f"/work/registers/{name}"
    for name in ("rotas/D1:night", "alarms/alarm-1", "categories/lifts", "rules/petition-filed")
)
PREVIEW = "/rules/petition-filed/preview"
TWELVE_HOURS = {"normal": {"street": "P2D"}, "urgent": {"street": "PT4H"}}


def kept(text: str = "平常的话") -> Services:
    """Services that know one of each."""
    said = services()
    shifts = [
        {"start": "2026-11-28T00:00:00Z", "end": "2026-11-28T12:00:00Z", "person": text},
        {"start": "2026-11-29T00:00:00Z", "end": "2026-11-29T12:00:00Z", "person": "w-2"},
    ]
    swap = {"by": "w-1", "to": text, "mine": 1, "theirs": 2, "until": "2026-11-28T00:00:00Z"}
    rota = {
        "id": "D1:night",
        "version": 2,
        "place": HOME,
        "name": text,
        "status": "published",
        "keeper": text,
        "members": [text, "w-2"],
        "shifts": shifts,
        "swaps": [swap],
        "can": ["propose-swap", "draw-again"],
    }
    said.says("community", "/rotas/D1%3Anight", rota)
    listed = {**rota, "shifts": 2}
    said.says("community", "/rotas?limit=30", {"items": [listed], "next": None})
    number = {"type": "integer"}
    fields = {"mine": number, "theirs": number}
    said.says("community", "/openapi.json", _document("/rotas/{id}/propose-swap", fields))
    alarm = {
        "id": "alarm-1",
        "version": 1,
        "status": "raised",
        "because": "platform",
        "duty": "operations",
        "place": None,
        "about": text,
        "called": ["operator-1"],
        "answer_by": "2026-11-27T02:15:00Z",
        "acknowledged_by": None,
        "resolve_by": None,
        "can": ["acknowledge", "resolve"],
        "dossier": [
            {
                "version": 1,
                "name": "AlarmDescribed",
                "at": "2026-11-27T01:00:00Z",
                "data": {"words": text},
            }
        ],
    }
    said.says("notifications", "/alarms/alarm-1", alarm)
    for path in ("/alarms?limit=30&of=platform", "/alarms?limit=30"):
        said.says("notifications", path, {"items": [alarm], "next": None})
    document: dict[str, Any] = {"paths": {}}
    for path in ("/alarms/{id}/acknowledge", "/alarms/{id}/resolve"):
        document["paths"] |= _document(path, {})["paths"]
    said.says("notifications", "/openapi.json", document)
    own = {"zh": text, "en": text, "duty": "utilities", "department": None, "pace": None}
    revision = {"number": 2, "since": "2026-12-01T00:00:00Z", "lowest": None, "highest": "street"}
    category = {
        "id": "lifts",
        "version": 3,
        "code": "lifts",
        "name": text,
        "duty": "utilities",
        "department": None,
        "pace": None,
        "levels": {"lowest": "neighbourhood", "highest": "street"},
        "names": {"zh": text, "en": text},
        "deadlines": TWELVE_HOURS,
        "revisions": [{**revision, **own, "deadlines": TWELVE_HOURS}],
        "retirement": {"since": "2027-01-01T00:00:00Z", "successor": "property"},
        "can": ["revise"],
    }
    said.says("petitions", "/categories/lifts", category)
    words = {"title": text, "body": text, "short": ""}
    rule = {
        "id": "petition-filed",
        "version": 1,
        "kind": "petition-filed",
        "topic": "petitions",
        "urgency": "normal",
        "ways": ["sms"],
        "must": [],
        "lasts": 3600,
        "params": ["title"],
        "off": False,
        "changed": True,
        "words": {tongue: {"shipped": words, "own": None} for tongue in TONGUES},
        "can": ["change-words"],
    }
    said.says("notifications", "/rules/petition-filed", rule)
    said.says("notifications", "/rules?limit=30", {"items": [rule], "next": None})
    reads = {tongue: {**words, "short": text, "by": {}} for tongue in TONGUES}
    tried = {"kind": "petition-filed", "told": 0, "params": {}, "languages": reads}
    said.says("notifications", PREVIEW, tried, "POST")
    return said


def _document(path: str, fields: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    body = {"content": {"application/json": {"schema": schema}}}
    return {"paths": {path: {"post": {"summary": "it", "requestBody": body}}}}


async def seen(said: Services, path: str, session: Session = ADMINISTRATOR) -> str:
    """The page."""
    async with browser(said, session) as person:
        answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def sent(said: Services, path: str, **fields: Any) -> Any:
    """The answer to a form."""
    async with browser(said, ADMINISTRATOR) as person:
        return await person.post(path, data={FIELD: ADMINISTRATOR.csrf, **fields})


PAGES = (
    ROTA,
    ALARM,
    CATEGORY,
    RULE,
    *(f"/work/registers/{name}" for name in ("rotas", "alarms", "rules")),
    "/work/calendar",
)


@pytest.mark.parametrize("path", PAGES)
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    found = Marks(await seen(kept(HOSTILE), path)).found
    usual = Marks(await seen(kept(), path)).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"


@pytest.mark.parametrize("path", PAGES)
async def test_it_speaks_english(path: str) -> None:
    async with browser(kept("words"), ADMINISTRATOR) as person:
        person.cookies.set("jinlin-language", "en")
        answer = await person.get(path)
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    for name in ("鼓楼区", "东街街道", "军门社区", "军门第一片区", "朱紫坊小区"):
        main = main.replace(name, "")
    assert re.findall(r">[^<]*[\u4e00-\u9fff][^<]*", main) == []


async def test_shifts_have_the_numbers_that_are_swapped_by() -> None:
    page = await seen(kept(), ROTA)
    row = page.partition('<th scope="row" class="number">2</th>')[2].partition("</tr>")[0]
    assert "11月29日 08:00" in row or "后天 08:00" in row
    assert "第 1 班换" in row


async def test_a_rota_is_drawn_up() -> None:
    said = kept()
    said.says("community", "/rotas", (201, {"id": "D1:night", "version": 1}), "POST")
    answer = await sent(
        said,
        "/work/registers/rotas",
        place=HOME,
        name="night",
        first="2026-12-01",
        last="2026-12-31",
        members="w-1\nw-2",
        shifts="20:00-08:00",
        **{"away.0.person": "w-1", "away.0.day": "2026-12-05"},
    )
    assert answer.status_code == 303
    assert said.was_asked("POST", "/rotas").json == {
        "place": HOME,
        "name": "night",
        "first": "2026-12-01",
        "last": "2026-12-31",
        "members": ["w-1", "w-2"],
        "shifts": ["20:00-08:00"],
        "away": [{"person": "w-1", "day": "2026-12-05"}],
    }


async def test_an_operator_sees_the_platforms_alarms_and_acknowledges_one() -> None:
    said = kept()
    said.says("notifications", "/alarms/alarm-1/acknowledge", {"version": 2}, "POST")
    assert "平常的话" in await seen(said, ALARM)
    await seen(said, "/work/registers/alarms")
    assert said.was_asked("GET", "/alarms?limit=30&of=platform")
    answer = await sent(said, f"{ALARM}/acknowledge", version="1")
    assert answer.status_code == 303


async def test_staff_see_the_alarms_of_their_places() -> None:
    said = kept()
    await seen(said, "/work/registers/alarms", STAFF)
    assert said.was_asked("GET", "/alarms?limit=30")


async def test_a_category_shows_its_deadlines_its_history_and_what_lies_ahead() -> None:
    page = await seen(kept(), CATEGORY)
    assert "PT4H" in page
    assert "将要生效" in page
    assert "停用" in page


async def test_a_category_is_revised_from_what_it_says_itself() -> None:
    said = kept()
    form = (await seen(said, CATEGORY)).partition("/categories/lifts/revise")[2]
    assert 'value="P2D"' in form.partition("</form>")[0]
    said.says("petitions", "/categories/lifts/revise", {"id": "lifts", "version": 4}, "POST")
    row = {"urgency": "urgent", "level": "street", "time": "PT2H"}
    fields = {f"deadlines.0.{name}": value for name, value in row.items()}
    answer = await sent(said, f"{CATEGORY}/revise", zh="电梯", since="2026-12-24T08:00", **fields)
    assert answer.status_code == 303
    assert said.was_asked("POST", "/categories/lifts/revise").json == {
        "zh": "电梯",
        "since": "2026-12-24T08:00:00+08:00",
        "deadlines": {"urgent": {"street": "PT2H"}},
    }


async def test_words_are_tried_before_they_are_changed() -> None:
    said = kept()
    page = await seen(said, RULE)
    assert said.was_asked("POST", PREVIEW).json == {}
    assert "现在读起来" in page
    answer = await sent(said, f"{RULE}/preview", **{"zh-Hans.title": "新", "zh-Hans.body": "新的"})
    assert answer.status_code == 200
    assert "改成这样读起来" in answer.text
    words = {"zh-Hans": {"title": "新", "body": "新的", "short": ""}}
    assert said.was_asked("POST", PREVIEW).json == {"words": words}


async def test_words_that_cannot_be_filled_are_refused_beside_the_form() -> None:
    said = kept()
    errors = [{"field": "words", "detail": "没有这个参数"}]
    body = {"type": "urn:jinlin:problem:invalid", "detail": "无效", "errors": errors}
    said.says("notifications", PREVIEW, (422, body), "POST")
    answer = await sent(said, f"{RULE}/preview", **{"en.title": "{x}", "en.body": "{x}"})
    assert answer.status_code == 422
    assert "没有这个参数" in answer.text


def test_the_forms_have_the_fields_of_their_commands() -> None:
    for form, command in ((REVISING, Revise), (WORDING, ChangeWords)):
        schema, _ = CommandBody(command).schema()
        names = {one.name for one in form.fields}
        if form is WORDING:
            assert set(schema["properties"]) == {"words"}
            assert names == {f"{t}.{part}" for t in TONGUES for part in ("title", "body", "short")}
        else:
            assert names == set(schema["properties"])


def test_a_year_has_its_holidays_those_on_end_as_one() -> None:
    days = list(days_of(2025))
    assert (len(days), days[0].isoformat()) == (365, "2025-01-01")
    spans = [(one.first.isoformat(), one.last.isoformat(), one.days) for one in holidays(2025)]
    assert ("2025-10-01", "2025-10-08", 8) in spans
    assert spans == sorted(spans)


async def test_the_calendar_is_of_a_year_that_is_asked_for() -> None:
    assert "2025 年的工作日" in await seen(kept(), "/work/calendar?year=2025")
    assert "2026 年的工作日" in await seen(kept(), "/work/calendar?year=1066")
