"""What everybody of a place is told at once, and who is called until somebody answers."""

from __future__ import annotations

from typing import Any

from deploy.demo.acting import Acting
from deploy.demo.day import Person
from deploy.demo.evidence import wait_until

STREET, COMMUNITY, E2 = "359901-wx", "359901-wx-th", "359901-wx-th-e2"
SERVICE = "notifications"
MINUTE = 60.0
"""What a rung of an on-call list has at least, in seconds."""


def a_storm_warning(act: Acting) -> None:
    """A typhoon warning: written by one, approved by another, told to a whole community."""
    act.scene("台风红色预警 · A typhoon warning: one writes it, another approves it, all are told")
    desk, secretary, lin = (act.who(name) for name in ("desk", "secretary", "lin"))
    warning = {
        "place": COMMUNITY,
        "urgent": True,
        "hours": 12,
        "words": [
            {
                "language": "zh-Hans",
                "title": "台风红色预警",
                "body": "今晚八点起有十二级大风，请勿外出，收好阳台物品，低层住户备好沙袋。",
            },
            {
                "language": "en",
                "title": "Typhoon red warning",
                "body": "Winds of force 12 from eight tonight: stay in, clear your balconies.",
            },
        ],
    }
    words = "起草通知 drafts the warning"
    drafted = act.does(desk, "/broadcasts", warning, words, service=SERVICE, verb="draft-broadcast")
    at = f"/broadcasts/{drafted['id']}"
    _does(act, desk, f"{at}/submit", {}, "提交审批 submits it", "submit-broadcast")
    urgent = {"urgent": True}
    act.refused(
        desk, f"{at}/approve", urgent, "own-broadcast", "nobody approves their own", service=SERVICE
    )
    _does(act, secretary, f"{at}/approve", urgent, "批准并发布 approves it", "approve-broadcast")

    def progress() -> dict[str, Any]:
        return act.callers.get(SERVICE, f"{at}/progress", desk)

    act.until(lambda: progress()["status"] == "done", "everybody of the community is told")
    figures = progress()
    whole = figures["told"] == figures["total"] > 0
    act.claim(f"{figures['told']} people of {COMMUNITY} are told, nobody is left out", whole)
    mine = [one for one in act.callers.inbox(lin) if one["about"] == f"broadcast-{drafted['id']}"]
    act.claim(
        "a resident reads its words, and has it once",
        [one["title"] for one in mine] == ["紧急通知：台风红色预警"],
    )
    _read(act, lin, mine[0]["id"])
    act.until(lambda: progress()["read"] == 1, "that somebody has read it is counted")
    public = act.stores.commits(SERVICE, [f"message-{mine[0]['id']}"])
    act.claim("the message itself has none of its words", "十二级大风" not in str(public))
    act.hear(
        f"broadcast-{drafted['id']}",
        {desk: "broadcast-approved broadcast-done", secretary: "broadcast-done"},
    )


def a_pump_stands_still(act: Acting) -> str:
    """Somebody raises an alarm; the first on call hears it. Its id: who answers is told later."""
    act.scene("值守呼叫 · A pump stands still: whoever is on call is called")
    safety, steward, secretary = (act.who(name) for name in ("safety", "steward", "secretary"))
    there = {
        "place": E2,
        "duty": "flood",
        # Nobody has this duty there: the hole is passed over, and told of.
        "rungs": [{"post": "flood-wardens", "minutes": 1}, {"person": steward.sub, "minutes": 1}],
    }
    above = {"place": COMMUNITY, "duty": "flood", "rungs": [{"person": safety.sub}]}
    for body in (there, above):
        words = "排定值守表 writes the on-call list"
        act.does(secretary, "/on-call", body, words, service=SERVICE, verb="set-on-call")
    alarm = {
        "place": E2,
        "duty": "flood",
        "words": "地下车库三号水泵停转，水位还在上涨。",
    }

    def called() -> bool:
        lists = act.callers.get(SERVICE, "/on-call", secretary, {"place": E2})["items"]
        return len(lists) == 2

    act.until(called, "both lists are known")
    words = "发起警情 raises the alarm"
    raised = act.does(secretary, "/alarms", alarm, words, service=SERVICE, verb="raise-alarm")
    history = _timeline(act, secretary, raised["id"])
    first = history[0]["data"]
    act.claim(
        "the vacant rung is passed over, and the steward is called",
        (first["called"], first["holes"]) == ([steward.sub], [f"{E2}:1"]),
    )
    return str(raised["id"])


def it_climbs(act: Acting, alarm: str) -> None:
    """Nobody answered within the minute: the place above is called, and somebody sees to it."""
    act.scene("无人应答，逐级呼叫 · Nobody answers: the next one on call is called")
    safety, steward, secretary = (act.who(name) for name in ("safety", "steward", "secretary"))
    at = f"/alarms/{alarm}"

    def climbed() -> bool:
        return any(one["name"] == "AlarmClimbed" for one in _timeline(act, secretary, alarm))

    wait_until(climbed, 1.5 * MINUTE, "the next one on call is called")
    (step,) = [one for one in _timeline(act, secretary, alarm) if one["name"] == "AlarmClimbed"]
    act.claim(
        "it climbed to the community's list after a minute", step["data"]["called"] == [safety.sub]
    )
    _does(act, safety, f"{at}/acknowledge", {}, "确认处理 sees to it", "acknowledge-alarm")
    _does(act, safety, f"{at}/resolve", {}, "处理完毕 has seen to it", "resolve-alarm")
    for place in (E2, COMMUNITY):
        words = "撤销值守表 ends the list"
        _does(act, secretary, f"/on-call/{place}:flood/clear", {}, words, "clear-on-call")
    act.hear(
        f"alarm-{alarm}",
        {
            steward: "alarm alarm-acknowledged alarm-resolved",
            safety: "alarm-climbed",
        },
    )


def _does(act: Acting, who: Person, at: str, body: dict[str, Any], words: str, verb: str) -> None:
    act.does(who, at, body, words, service=SERVICE, verb=verb)


def _read(act: Acting, who: Person, message: str) -> None:
    words = "阅读消息 reads it"
    act.does(who, f"/messages/{message}/read", {}, words, service=SERVICE, verb="read")


def _timeline(act: Acting, who: Person, alarm: str) -> list[dict[str, Any]]:
    items = act.callers.get(SERVICE, f"/alarms/{alarm}/timeline", who)["items"]
    return [event for entry in items for event in entry["events"]]
