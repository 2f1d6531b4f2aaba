"""A dispute's history in sentences: every event has one, each says who by name or by role."""

import re
from typing import Any

import pytest

from services.gateway.pages.staff.mediation.story import SENTENCES, UNTOLD
from services.mediation.domain.disputes.dispute import dispute
from shared.contracts.event import Personal
from tests.services.gateway.pages.household import Services, browser
from tests.services.gateway.pages.staff import quarrel as q
from tests.services.gateway.pages.staff.quarrel import MEDIATOR, ROOM

EVENTS = {one.__name__: one for one in dispute.events if not issubclass(one, Personal)}


def commit(actor: str | None, name: str, version: int = 2, **data: Any) -> dict[str, Any]:
    """A step with one event."""
    events = [{"name": name, "data": data}]
    return {"version": version, "at": q.AT, "verb": "", "actor": actor, "events": events}


async def steps(
    *timeline: dict[str, Any], panel: dict[str, Any] | None = None, **changes: Any
) -> list[str]:
    """What the room tells of them, the latest first, each without its marks."""
    said: Services = q.at_odds("林女士")
    said.says("mediation", f"/panels/{q.DISPUTE}", panel or q.panel())
    said.says("mediation", f"/disputes/{q.DISPUTE}", q.dispute("林女士", **changes))
    told = {"items": list(timeline), "next": None}
    said.says("mediation", f"/disputes/{q.DISPUTE}/timeline", told)
    async with browser(said, MEDIATOR) as person:
        page = (await person.get(ROOM)).text
    story = page.partition('id="story"')[2].partition("</section>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in story.split("<li>")[1:]]


def test_every_event_is_told_or_left_out_knowingly() -> None:
    assert SENTENCES.keys() | UNTOLD == EVENTS.keys()
    assert not SENTENCES.keys() & UNTOLD


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_names_fields_of_its_event(name: str) -> None:
    named = set(re.findall(r"\{(\w+)\}", SENTENCES[name]))
    assert named <= set(EVENTS[name].__annotations__)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (("PartyInvited", {"party": "p1", "until": q.LATER}), "邀请甲方 林女士，请在"),
        (("ConsentRecorded", {"party": "p2", "how": "spoken", "given": q.AT}), "记下乙方"),
        (("MediatorKnown", {"mediator": "mediator-2"}), "由 林女士 调解"),
        (("MediatorKnown", {"mediator": None}), "等待另请调解员"),
        (("DisputeEnded", {"outcome": "failed", "because": "left", "to": None}), "调解不成"),
        (("DisputeEnded", {"outcome": "passed-on", "to": "court"}), "转交法院处理"),
        (("DisputeWaits", {"awaits": "mediator", "office": "D1-S1-C1"}), "已提醒 军门社区"),
        (("FollowUpAnswered", {"party": "p1", "holds": False}), "甲方 林女士答复回访：没有履行"),
        (("DisputeRiskRaised", {"kind": "violence"}), "报告风险：可能有暴力"),
        (("PanelKnown", {"members": ["lawyer-1", "mediator-1"]}), "调解小组成员：律师、我"),
    ],
)
async def test_an_event_in_words(event: tuple[str, dict[str, Any]], sentence: str) -> None:
    panel = q.panel()
    panel["seats"][2]["person"] = "lawyer-1"
    (step,) = await steps(commit(None, event[0], **event[1]), panel=panel)
    assert sentence in step


@pytest.mark.parametrize(
    ("actor", "who"),
    [
        ("resident-1", "甲方 林女士"),
        ("mediator-1", "我"),
        ("mediator-2", "林女士"),
        ("secretary-9", "工作人员"),
    ],
)
async def test_who_did_it_is_said_by_name_or_role(actor: str, who: str) -> None:
    (step,) = await steps(commit(actor, "DisputeFiled"))
    assert step.startswith("已提出纠纷")
    assert step.endswith(f"· {who}")


@pytest.mark.parametrize("actor", ["service:mediation", None])
async def test_what_happens_by_itself_is_nobodys(actor: str | None) -> None:
    (step,) = await steps(commit(actor, "DisputeNearsLimit", until=q.LATER))
    assert "·" not in step
    assert "service" not in step


async def test_a_step_without_an_event_goes_by_its_verb() -> None:
    told = {"version": 2, "at": q.AT, "verb": "tell", "actor": "mediator-1", "events": []}
    (step,) = await steps(told)
    assert step.startswith("补充情况")


async def test_what_only_keeps_something_is_no_step() -> None:
    assert await steps(commit(None, "EndNoted", ended=q.AT, asks=[])) == []


async def test_a_reason_stands_with_what_it_explains() -> None:
    reason = {"verb": "leave", "by": "resident-2", "text": "谈不拢"}
    dossier = [q.entry("DisputeReasonGiven", reason, version=3)]
    left, filed = await steps(
        commit("resident-1", "DisputeFiled", version=1),
        commit("resident-2", "PartyLeft", version=3, party="p2"),
        dossier=dossier,
    )
    assert "谈不拢" in left
    assert "谈不拢" not in filed


async def test_a_name_is_no_place_to_put_something_in() -> None:
    contact = {"party": "p1", "name": "{until}", "phone": None, "address": None}
    (step,) = await steps(
        commit(None, "PartyInvited", party="p1", until=q.LATER),
        dossier=[q.entry("PartyContactGiven", contact)],
    )
    assert "邀请甲方 {until}，请在" in step
