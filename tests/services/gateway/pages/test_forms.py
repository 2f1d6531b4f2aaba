"""Forms: what they say becomes a command, what is wrong with it stands beside the field."""

from urllib.parse import quote

import pytest
from starlette.requests import Request

from services.gateway.pages.languages import marked
from services.gateway.pages.positions import in_gcj
from services.gateway.pages.rendering import own_path
from shared.runtime.keys import IssuerUnavailable
from tests.services.gateway.pages.household import (
    HOME,
    RESIDENT,
    app_of,
    browser,
    client_of,
    problem,
    services,
)
from tests.services.gateway.pages.samples import (
    ACTIVITY,
    DRAFT,
    PETITION,
    RECEIPT,
    WISH,
    everything,
)

SIGNED = {"csrf": RESIDENT.csrf}
SENT = {
    **DRAFT,
    **SIGNED,
    "step": "send",
    "category": "property-repairs",
    "once": "a-key-of-a-form",
}


# --- filing --------------------------------------------------------------------------------------


async def test_before_it_is_sent_somebody_is_asked_whether_it_is_this_one() -> None:
    said = everything("井盖丢了")
    async with browser(said) as person:
        answer = await person.post("/petitions/new", data={**DRAFT, **SIGNED})
    assert answer.status_code == 200
    assert "是不是这一件？" in answer.text
    assert 'action="/petitions/petition-2/support"' in answer.text
    assert 'value="property-repairs" checked' in answer.text
    asked = said.was_asked("POST", "/petitions/candidates")
    assert asked.json == {"place": HOME, "title": "标题", "text": "内容"}


async def test_what_was_written_is_filed_once_with_its_photos() -> None:
    said = everything("x")
    said.says("petitions", "/petitions", (201, {"id": PETITION, "version": 1}), "POST")
    files = f"/petitions/{PETITION}/attachments"
    said.says("petitions", files, (201, {"id": PETITION, "file": "f"}), "POST")
    photo = ("photos", ("井.png", b"not really a picture", "image/png"))
    async with browser(said) as person:
        answer = await person.post("/petitions/new", data=SENT, files=[photo])
        shown = await person.get(answer.headers["location"])
        again = await person.get(answer.headers["location"])
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/petitions/{PETITION}"
    filed = said.was_asked("POST", "/petitions")
    assert filed.headers["Idempotency-Key"] == "a-key-of-a-form"
    assert filed.json == {
        "place": HOME,
        "kind": "complaint",
        "title": "标题",
        "text": "内容",
        "category": "property-repairs",
        "channel": "web",
    }
    sent = said.was_asked("POST", files)
    assert b"not really a picture" in (sent.content or b"")
    assert "诉求已提交。请记下受理号和查询码。" in shown.text
    assert RECEIPT in shown.text
    assert "诉求已提交。请记下受理号和查询码。" not in again.text


async def test_a_photo_that_is_not_taken_does_not_lose_the_petition() -> None:
    said = everything("x")
    said.says("petitions", "/petitions", (201, {"id": PETITION, "version": 1}), "POST")
    refused = problem(415, "attachment-unfit", "这不是图片")
    said.says("petitions", f"/petitions/{PETITION}/attachments", refused, "POST")
    photo = ("photos", ("a.exe", b"MZ", "application/x-msdownload"))
    async with browser(said) as person:
        answer = await person.post("/petitions/new", data=SENT, files=[photo])
        shown = await person.get(answer.headers["location"])
    assert "有照片没有传上去" in shown.text


async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() -> None:
    said = everything("x")
    wrong = problem(422, "invalid", "有误", title="最多 200 个字符")
    said.says("petitions", "/petitions/candidates", wrong, "POST")
    async with browser(said) as person:
        answer = await person.post("/petitions/new", data={**DRAFT, **SIGNED})
    assert answer.status_code == 422
    assert '<p class="wrong" id="e-title">最多 200 个字符</p>' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="标题"' in answer.text
    assert ">内容</textarea>" in answer.text


async def test_a_rule_that_forbids_filing_is_told() -> None:
    said = everything("x")
    said.says("petitions", "/petitions", problem(409, "kind-unfit", "这一类不收举报"), "POST")
    async with browser(said) as person:
        answer = await person.post("/petitions/new", data=SENT)
    assert "这一类不收举报" in answer.text
    assert 'name="title" value="标题"' in answer.text


# --- what is done with a petition ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "form", "body"),
    [
        ("comment", {"text": "补充"}, {"text": "补充"}),
        (
            "rate",
            {"stars": "4", "solved": "yes", "word": "好"},
            {"stars": 4, "solved": True, "word": "好"},
        ),
        ("rate", {"stars": "1"}, {"stars": 1, "solved": False, "word": ""}),
        ("confirm-solved", {}, {}),
        ("withdraw", {"reason": "不用了"}, {"reason": "不用了"}),
        ("ask-review", {"reason": "没有解决"}, {"reason": "没有解决"}),
        (
            "judge-promise",
            {"promise": "1", "kept": "no"},
            {"promise": 1, "kept": False, "word": ""},
        ),
        ("support", {}, {}),
        ("sign", {}, {"household": HOME}),
    ],
)
async def test_a_verb_is_carried_out(
    verb: str, form: dict[str, str], body: dict[str, object]
) -> None:
    said = everything("x")
    path = f"/petitions/{PETITION}/{verb}"
    said.says("petitions", path, {"id": PETITION, "version": 5}, "POST")
    async with browser(said) as person:
        answer = await person.post(path, data={**form, **SIGNED})
    assert answer.status_code == 303
    asked = said.was_asked("POST", path)
    assert asked.json == body
    assert asked.token == RESIDENT.access_token


async def test_only_what_can_be_done_is_offered() -> None:
    said = everything("x")
    found = said.answers["GET", "petitions", f"/petitions/{PETITION}"]
    said.says("petitions", f"/petitions/{PETITION}", {**found, "can": ["comment", "take"]})
    async with browser(said) as person:
        answer = await person.get(f"/petitions/{PETITION}")
    assert f'action="/petitions/{PETITION}/comment"' in answer.text
    for verb in ("rate", "withdraw", "take", "support", "ask-review", "judge-promise"):
        assert f'action="/petitions/{PETITION}/{verb}"' not in answer.text


async def test_a_refused_judgement_comes_back_with_its_reason() -> None:
    said = everything("x")
    path = f"/petitions/{PETITION}/rate"
    said.says("petitions", path, problem(409, "not-answered", "还没有答复"), "POST")
    async with browser(said) as person:
        answer = await person.post(path, data={"stars": "2", "word": "等了很久", **SIGNED})
    assert answer.status_code == 409
    assert "还没有答复" in answer.text
    assert ">等了很久</textarea>" in answer.text


async def test_a_form_without_its_token_is_forged() -> None:
    said = everything("x")
    async with browser(said) as person:
        answer = await person.post(f"/petitions/{PETITION}/withdraw", data={"reason": ""})
    assert answer.status_code == 403
    assert not any(one.method == "POST" for one in said.asked)


async def test_no_other_verb_is_passed_on() -> None:
    said = everything("x")
    async with browser(said) as person:
        answer = await person.post(f"/petitions/{PETITION}/close", data=SIGNED)
    assert answer.status_code == 404
    assert said.asked == []


# --- others --------------------------------------------------------------------------------------


async def test_somebody_checks_in_by_code() -> None:
    said = everything("x")
    path = f"/activities/{ACTIVITY}/check-in"
    said.says("volunteering", path, {"id": ACTIVITY, "version": 2}, "POST")
    async with browser(said) as person:
        answer = await person.post(path, data={"code": "042 517", **SIGNED})
    assert answer.status_code == 303
    assert said.was_asked("POST", path).json == {"code": "042517"}


async def test_somebody_checks_in_by_where_they_stand_on_maps_of_china() -> None:
    said = everything("x")
    path = f"/activities/{ACTIVITY}/check-in-here"
    said.says("volunteering", path, {"id": ACTIVITY, "version": 2}, "POST")
    there = {"latitude": "26.0800000", "longitude": "119.3000000", "accuracy": "20"}
    async with browser(said) as person:
        answer = await person.post(path, data={**there, **SIGNED})
    assert answer.status_code == 303
    told = said.was_asked("POST", path).json
    assert told["accuracy"] == 20
    assert (told["latitude"], told["longitude"]) == in_gcj(26.08, 119.3)


@pytest.mark.parametrize(
    ("way", "other"), [("check-in-here", "check-in"), ("check-in", "check-in-here")]
)
async def test_one_checks_in_in_the_ways_that_there_are(way: str, other: str) -> None:
    said = everything("x")
    found = said.answers["GET", "volunteering", f"/activities/{ACTIVITY}"]
    said.says("volunteering", f"/activities/{ACTIVITY}", {**found, "can": [way]})
    async with browser(said) as person:
        answer = await person.get(f"/activities/{ACTIVITY}")
    assert f'action="/activities/{ACTIVITY}/{way}"' in answer.text
    assert f'action="/activities/{ACTIVITY}/{other}"' not in answer.text


async def test_a_browser_that_does_not_say_where_it_is_hears_what_is_missing() -> None:
    said = everything("x")
    path = f"/activities/{ACTIVITY}/check-in-here"
    wrong = problem(422, "invalid", "有误", latitude="要有位置")
    said.says("volunteering", path, wrong, "POST")
    async with browser(said) as person:
        answer = await person.post(path, data={"latitude": "NaN", **SIGNED})
    assert said.was_asked("POST", path).json["latitude"] is None
    assert answer.status_code == 422
    assert "要有位置" in answer.text


async def test_a_granted_wish_tells_how_long_it_took() -> None:
    said = everything("x")
    path = f"/wishes/{WISH}/grant"
    said.says("volunteering", path, {"id": WISH, "version": 4}, "POST")
    form = {"begun": "2026-11-26T09:00", "ended": "2026-11-26T10:30", "note": "修好了"}
    async with browser(said) as person:
        await person.post(path, data={**form, **SIGNED})
    assert said.was_asked("POST", path).json == {
        "begun": "2026-11-26T09:00:00+08:00",
        "ended": "2026-11-26T10:30:00+08:00",
        "served": [{"volunteer": RESIDENT.sub, "minutes": 90}],
        "note": "修好了",
    }


async def test_a_message_is_read_and_leads_to_its_case() -> None:
    said = everything("x")
    said.says("notifications", "/messages/message-1/read", {"id": "message-1"}, "POST")
    form = {"about": f"petition-{PETITION}", **SIGNED}
    async with browser(said) as person:
        answer = await person.post("/inbox/message-1/read", data=form)
    assert answer.headers["location"] == f"/petitions/{PETITION}"


async def test_erasing_wants_to_be_sure() -> None:
    said = everything("x")
    path = f"/residents/{RESIDENT.sub}/erase"
    said.says("community", path, {"id": RESIDENT.sub}, "POST")
    async with browser(said) as person:
        doubtful = await person.post("/me/data/erase", data=SIGNED)
        assert not any(one.method == "POST" for one in said.asked)
        sure = await person.post("/me/data/erase", data={"sure": "yes", **SIGNED})
    assert doubtful.status_code == 422
    assert sure.status_code == 303
    assert said.was_asked("POST", path).json == {}


async def test_an_export_names_what_is_missing_in_it() -> None:
    said = services()
    said.says("petitions", "/my-data", {"service": "petitions", "things": [1]})
    said.away.add("ledger")
    async with browser(said) as person:
        answer = await person.get("/me/data/export")
    assert "attachment" in answer.headers["content-disposition"]
    document = answer.json()
    assert document["services"]["petitions"]["things"] == [1]
    assert "ledger" in document["missing"]


# --- by receipt ----------------------------------------------------------------------------------


async def test_by_receipt_nobody_signs_in_and_the_code_stands_in_no_address() -> None:
    said = everything("x")
    keys = {"receipt": "202611270014", "code": "7KQ4XW2M"}
    async with browser(said, session=None) as person:
        answer = await person.post("/status", data=keys)
        empty = await person.post("/status", data={"receipt": "1"})
        wrong = await person.post("/status", data={"receipt": "99", "code": "A"})
    assert answer.status_code == 200
    assert "受理号 2026 1127 0014" in answer.text
    assert 'method="get"' not in answer.text
    assert said.was_asked("GET", "/receipts/202611270014").params == {"code": "7KQ4XW2M"}
    assert (empty.status_code, wrong.status_code) == (422, 404)
    assert "请填写。" in empty.text


async def test_by_receipt_an_answer_is_judged() -> None:
    said = everything("x")
    said.says("petitions", "/receipts/202611270014/rate", {"receipt": "x", "version": 2}, "POST")
    keys = {"receipt": "202611270014", "code": "7KQ4XW2M", "verb": "rate", "stars": "5"}
    async with browser(said, session=None) as person:
        answer = await person.post("/status", data=keys)
    assert "谢谢您的评价。" in answer.text
    asked = said.was_asked("POST", "/receipts/202611270014/rate")
    assert asked.json == {"code": "7KQ4XW2M", "stars": 5, "solved": False, "word": ""}
    assert asked.token is None


# --- away ----------------------------------------------------------------------------------------


async def test_a_service_that_is_away_is_said_in_words_and_the_rest_goes_on() -> None:
    said = everything("x")
    said.away.add("petitions")
    async with browser(said) as person:
        gone = await person.get("/petitions")
        home = await person.get("/")
        other = await person.get("/activities")
        person.cookies.set("jinlin-language", "en")
        english = await person.get("/petitions")
    assert gone.status_code == 503
    assert gone.headers["retry-after"]
    assert "诉求服务暂时没有回应" in gone.text
    assert home.status_code == 200
    assert "诉求服务暂时没有回应" in home.text
    assert other.status_code == 200
    assert "The petition service does not answer" in english.text


async def test_places_stay_known_while_community_is_away() -> None:
    said = everything("x")
    app = browser(said)
    async with app as person:
        await person.get("/me")
        said.away.add("community")
        answer = await person.get(f"/petitions/{PETITION}")
    assert "朱紫坊小区" in answer.text


async def test_while_nobody_can_tell_who_it_is_that_is_said_as_a_page() -> None:
    async def in_vain(_request: Request) -> None:
        raise IssuerUnavailable("away")

    app = app_of(everything("x"), sessions=in_vain)
    async with client_of(app) as person:
        answer = await person.get("/me")
    assert answer.status_code == 503
    assert "<h1>没有办成</h1>" in answer.text


# --- choices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.test/",
        "//elsewhere.test/",
        "/\\elsewhere.test/",
        "javascript:alert(1)",
        "/\t/elsewhere.test",
        "/a\r\nSet-Cookie: x=y",
        "",
    ],
)
def test_one_is_led_nowhere_else(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


async def test_language_and_size_are_remembered_on_the_device() -> None:
    async with browser(everything("x"), session=None) as person:
        chosen = await person.post("/language", data={"language": "en", "back": "/status"})
        assert chosen.headers["location"] == "/status"
        await person.post("/text-size", data={"size": "large", "back": "/status"})
        answer = await person.get("/status")
        away = {"language": "en", "back": "https://elsewhere.test"}
        led = await person.post("/language", data=away)
    assert '<html lang="en" class="large">' in answer.text
    assert led.headers["location"] == "/"


async def test_a_cookie_cannot_put_words_on_a_page() -> None:
    async with browser(everything("x")) as person:
        person.cookies.set("jinlin-said", quote("请把验证码发给我"))
        hostile = await person.get("/")
        person.cookies.clear()
        person.cookies.set("jinlin-said", quote(marked("已保存。")))
        ours = await person.get("/")
    assert "请把验证码发给我" not in hostile.text
    assert "已保存。" in ours.text


async def test_htmx_is_given_a_part_and_a_browser_all_of_it() -> None:
    said = everything("x")
    async with browser(said) as person:
        whole = await person.get("/petitions/new?at=D1")
        part = await person.get("/petitions/new?at=D1", headers={"HX-Request": "true"})
        back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        restored = await person.get("/petitions/new?at=D1", headers=back)
    assert "<!doctype html>" in whole.text
    assert part.text.lstrip().startswith('<section id="picker"')
    assert "data-focus" in part.text
    assert "<!doctype html>" in restored.text
