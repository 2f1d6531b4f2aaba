"""Wishes: one goes to the first who claims it, one is really a petition; and the three lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.day import Person

COMMUNITY, PLACE = "359901-wx-th", "359901-wx-th-e1"
SERVICE = "volunteering"
WORDS = "替我把高柜里的棉被取下来，我腰不好。电话138-0000-0101。"


def a_wish_comes_true(act: Acting) -> None:
    """Screened without number and name, claimed by the first of two, granted, thanked for."""
    act.scene("微心愿 · A small wish: screened, claimed by the first, granted, thanked for")
    lin, desk = act.who("lin"), act.who("desk")
    first, second = (_volunteer(act, *who) for who in (("tang", "小唐"), ("shao", "小邵")))
    wish = {
        "kind": "household",
        "place": PLACE,
        "title": "取一床棉被",
        "text": WORDS,
        "contact": {"name": "林秀珠", "phone": "000-0101", "address": "1栋101"},
    }
    at = _posted(act, lin, wish)
    copied = {"title": wish["title"], "text": WORDS}
    never = "a telephone number is never shown"
    act.refused(desk, f"{at}/word", copied, "wording-personal", never, service=SERVICE)
    shown = {"title": "帮老人取一床棉被", "text": "从高柜上取下来，十分钟的事。"}
    act.does(desk, f"{at}/word", shown, "另拟公开文字 words it for the public", service=SERVICE)
    listed = act.callers.get(SERVICE, "/public/wishes", desk, {"place": PLACE})["items"]
    (seen,) = [one for one in listed if f"/wishes/{one['id']}" == at]
    act.claim("everybody sees the wish, nobody sees whose it is", lin.sub not in str(seen))
    act.does(first, f"{at}/claim", {}, "认领 claims it", service=SERVICE)
    taken = "the second hears that somebody was first"
    act.refused(second, f"{at}/claim", {}, "wish-taken", taken, service=SERVICE)
    mine = act.callers.get(SERVICE, at, first)
    act.claim("who grants it knows how to reach her", "000-0101" in str(mine["dossier"]))
    begun = datetime.now(UTC)
    act.claim("she sees who will come", _sees(act, lin, at)["claim"]["volunteer"] == first.sub)
    granted = {
        "begun": begun.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "served": [{"volunteer": first.sub, "minutes": 0}],
        "note": "取下来了，还晒了晒。",
    }
    act.does(first, f"{at}/grant", granted, "实现 grants it", service=SERVICE)
    own = {"thanks": "我自己说好。"}
    act.refused(
        first, f"{at}/confirm", own, "forbidden", "nobody thanks themselves", service=SERVICE
    )
    thanks = {"stars": 5, "thanks": "谢谢小唐，被子暖和着呢。"}
    act.does(lin, f"{at}/confirm", thanks, "确认并道谢 confirms it", service=SERVICE)
    act.claim("it came true", _sees(act, lin, at)["outcome"] == "fulfilled")
    act.hear(
        _stream(at),
        {lin: "wish-opened wish-claimed wish-granted", first: "wish-yours wish-thanks"},
    )


def a_wish_that_is_a_petition(act: Acting) -> None:
    """What the company owes is nobody's favour: it goes on as a petition, both sides linked."""
    act.scene("心愿转诉求 · What was no wish goes on as a petition, linked both ways")
    lin, desk, steward = act.who("lin"), act.who("desk"), act.who("e1-steward")
    wish = {
        "kind": "repair",
        "place": PLACE,
        "title": "修好楼道的灯",
        "text": "一楼楼道的灯不亮，晚上看不见台阶。",
    }
    at = _posted(act, lin, wish)
    reason = {"reason": "公共照明由物业负责，应按诉求办理。"}
    act.does(desk, f"{at}/refer", reason, "建议转诉求 refers it", service=SERVICE)
    id = at.rpartition("/")[2]
    petition = act.file(
        lin,
        "提出诉求 files it",
        title="楼道灯不亮",
        text="1栋一楼楼道的灯不亮，晚上看不见台阶。",
        place=PLACE,
        origin=f"wish:{id}",
    )
    act.until(lambda: _sees(act, lin, at)["petition"] == petition, "the wish knows its petition")
    act.claim("the petition knows its wish", act.shown(lin, petition)["origin"] == f"wish:{id}")
    done = {"done": "换了感应灯。", "done_by": "晒谷坪物业公司", "finished": True}
    act.does(steward, f"/petitions/{petition}/answer", done, "答复 answers")
    act.does(lin, f"/petitions/{petition}/confirm-solved", {}, "确认已解决 says it is solved")
    act.hear(_stream(at), {lin: "wish-referred wish-became-petition"})
    told = "petition-received petition-assigned petition-answered petition-closed"
    act.hear(f"petition-{petition}", {lin: told, steward: "duty-assigned"})


def three_lists(act: Acting) -> None:
    """One pump for two needs: the first has it, the second hears why not; a project meets it."""
    act.scene("三张清单 · Resources, needs, projects: the last one is never promised twice")
    desk, water, lead = act.who("desk"), act.who("water"), act.who("safety")
    times = {"begin": in_days(0).isoformat(), "until": in_days(30).isoformat()}
    pump = {
        "kind": "repairs",
        "place": COMMUNITY,
        "title": "移动抽水泵一台",
        "text": "随车一名操作工。",
        "quantity": 1,
        "measure": "piece",
        **times,
    }
    words = "列入资源清单 offers it"
    made = act.does(water, "/resources", pump, words, service=SERVICE, verb="offer-resource")
    resource = str(made["id"])
    needs = [_stated(act, desk, title, times) for title in ("地下室排水", "下沉通道排水")]
    found = act.callers.get(SERVICE, f"/needs/{needs[0]}/matches", desk)["items"]
    best = next(one for one in found if one["resource"] == resource)
    act.claim("the match says why it fits", best["unfit"] is None and bool(best["reasons"]))
    for need in needs:
        asked = {"resource": resource, "quantity": 1}
        act.does(desk, f"/needs/{need}/ask-resource", asked, "对接 asks for it", service=SERVICE)
    act.until(lambda: len(_met(act, desk, needs)) == 1, "one of the needs has it")
    act.until(lambda: _answered(act, desk, needs), "the other one heard that it does not")
    (met,) = _met(act, desk, needs)
    (left,) = set(needs) - {met}
    plan = {
        "place": COMMUNITY,
        "needs": [met],
        "lead": lead.sub,
        "title": "汛前排水",
        "text": "把积水抽干，清一遍集水井。",
        "until": times["until"],
    }
    words = "立项 plans it"
    made = act.does(desk, "/projects", plan, words, service=SERVICE, verb="plan-project")
    at = f"/projects/{made['id']}"
    task = {"text": "抽干并清淤", "until": in_days(3).isoformat(), "organisation": water.org}
    act.does(lead, f"{at}/give-task", task, "派任务 gives a task", service=SERVICE)
    act.does(water, f"{at}/do-task", {"task": 1}, "完成任务 has done it", service=SERVICE)
    act.does(lead, f"{at}/confirm-task", {"task": 1}, "确认 confirms it", service=SERVICE)
    report = {"results": [{"what": "wells-cleared", "count": 6}], "text": "清了六口集水井。"}
    act.does(lead, f"{at}/report", report, "总结 reports", service=SERVICE)
    own = {"met": True, "stars": 5}
    who = "who led it does not judge it"
    act.refused(lead, f"{at}/judge", own, "own-project", who, service=SERVICE)
    judged = {"met": True, "stars": 5, "text": "雨来了也不怕。"}
    act.does(desk, f"{at}/judge", judged, "评判 judges it", service=SERVICE)
    act.until(lambda: _need(act, desk, met)["outcome"] == "fulfilled", "the need is fulfilled")
    act.hear(f"resource-{resource}", {water: "resource-promised"})
    act.hear(f"need-{met}", {desk: "need-met need-fulfilled"})
    act.hear(f"need-{left}", {desk: "need-left-out"})
    act.hear(
        f"project-{made['id']}",
        {lead: "project-led task-done project-met", water: "task-given task-confirmed"},
    )


def _volunteer(act: Acting, name: str, called: str) -> Person:
    """Somebody who comes anew each time the day is played."""
    person = Person(f"demo-w-{name}-{act.run}", called, ("resident",), home=PLACE)
    body = {"volunteer": person.sub, "place": PLACE, "birth_year": 1996, "name": called}
    words = "注册为志愿者 wants to serve"
    act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
    act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})
    return person


def _posted(act: Acting, who: Person, wish: dict[str, Any]) -> str:
    words = "发布心愿 hopes for something"
    made = act.does(who, "/wishes", wish, words, service=SERVICE, verb="post-wish")
    return f"/wishes/{made['id']}"


def _sees(act: Acting, who: Person, at: str) -> dict[str, Any]:
    return act.callers.get(SERVICE, at, who)


def _stream(at: str) -> str:
    return f"wish-{at.rpartition('/')[2]}"


def _stated(act: Acting, desk: Person, title: str, times: dict[str, str]) -> str:
    need = {
        "kind": "repairs",
        "place": PLACE,
        "title": title,
        "text": "雨后积水半米。",
        "quantity": 1,
        "measure": "piece",
        **times,
    }
    words = "列入需求清单 states a need"
    made = act.does(desk, "/needs", need, words, service=SERVICE, verb="state-need")
    return str(made["id"])


def _need(act: Acting, desk: Person, id: str) -> dict[str, Any]:
    return act.callers.get(SERVICE, f"/needs/{id}", desk)


def _met(act: Acting, desk: Person, needs: list[str]) -> list[str]:
    return [one for one in needs if _need(act, desk, one)["met"]]


def _answered(act: Acting, desk: Person, needs: list[str]) -> bool:
    return all(
        _need(act, desk, one)["met"] or not _need(act, desk, one)["resources"] for one in needs
    )
