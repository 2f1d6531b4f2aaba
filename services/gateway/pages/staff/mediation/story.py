"""A dispute's history in sentences: what changed, by whom, and what they said to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.gateway.pages.dispute_words import PASSED_TO
from services.gateway.pages.languages import marked
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.mediation import wording
from services.gateway.pages.staff.mediation.forms import DISPUTE
from services.gateway.pages.staff.mediation.offering import name_of, party_of
from services.gateway.pages.staff.mediation.room import Room
from services.gateway.pages.staff.story import Told, filled_in, person_of

SENTENCES: Mapping[str, str] = {
    "DisputeFiled": marked("已提出纠纷"),
    "ConsentRecorded": marked("记下{party}的答复（{how}，{given}）"),
    "DisputeLinked": marked("与诉求关联"),
    "PartyInvited": marked("邀请{party}，请在 {until} 前答复"),
    "PartyReminded": marked("{party}还没有答复，再次询问"),
    "PartyAgreed": marked("{party}同意调解"),
    "PartyDeclined": marked("{party}不同意调解"),
    "PartyLeft": marked("{party}退出调解"),
    "RepresentativeNamed": marked("{party}由 {person} 代理"),
    "DisputeRiskRaised": marked("报告风险：{kind}，已通知民警和值守的人"),
    "DisputeWaits": marked("{awaits}，已提醒 {office}"),
    "DisputeBegun": marked("各方都同意，调解开始，到 {until} 为止"),
    "DisputeNearsLimit": marked("调解期限将到（{until}），已提醒"),
    "ExtensionProposed": marked("提议延长到 {until}"),
    "ExtensionConsented": marked("{party}同意延长"),
    "ExtensionRefused": marked("有一方不同意延长，期限不变"),
    "DisputeExtended": marked("各方都同意，延长到 {until}"),
    "MediatorKnown": marked("由 {mediator} 调解"),
    "PanelKnown": marked("调解小组成员：{members}"),
    "AgreementKnown": marked("各方已在调解协议上签字，调解期限暂停计时"),
    "MediationResumed": marked("有一方反悔，继续调解，到 {until} 为止"),
    "SettlementRecorded": marked("记下第 {number} 份口头协议，请各方确认"),
    "SettlementConfirmed": marked("{party}确认口头协议"),
    "SettlementObjectedTo": marked("第 {number} 份口头协议未获认可，作废"),
    "DisputeEnded": marked("调解结束：{outcome}（{because}）"),
    "DisputeReopened": marked("重新调解，到 {until} 为止"),
    "FollowUpAsked": marked("第 {round} 次回访，请各方在 {until} 前答复"),
    "FollowUpAnswered": marked("{party}答复回访：{holds}"),
    "SettlementHolds": marked("第 {round} 次回访结果：得到履行"),
    "SettlementNotHolding": marked("第 {round} 次回访结果：没有履行，{until} 前可以重新调解"),
    "SettlementTold": marked("调解协议{holds}"),
    "FilerForgotten": marked("代为提出的人，个人信息已经清除"),
    "PersonForgotten": marked("一位当事人的个人信息已经清除"),
}
UNTOLD = frozenset(
    {"PartiesNamed", "DisputeWaitsUntil", "BeginNoted", "EndNoted", "FollowUpClosed"}
)
"""Events that only keep what another one tells."""
NO_MEDIATOR = marked("等待另请调解员")
PASSED_ON = marked("调解结束：转交{to}处理")
_PLAIN: Mapping[str, Mapping[Any, str]] = {
    "how": wording.HOW,
    "kind": wording.RISKS,
    "awaits": wording.LATE,
    "outcome": wording.ENDINGS,
    "because": wording.BECAUSE,
    "to": PASSED_TO,
    "holds": {True: marked("得到履行"), False: marked("没有履行")},
}
_TIMES = frozenset({"until", "given"})
_PEOPLE = frozenset({"person", "mediator"})
_MEDIATOR, _STAFF = marked("调解员"), marked("工作人员")


def told(room: Room, desk: Desk, office: Callable[[str], str]) -> list[Told]:
    """The steps, the latest first, as the reader may know them; `office` names a place."""
    said = _said(() if room.dispute is None else room.dispute.get("dossier", ()))
    call, say = called_in(room, desk), _saying(room, desk, office)
    steps = []
    for commit in room.steps:
        lines = tuple(
            filled_in(desk.texts.gettext(text), event["data"] or {}, say)
            for event in commit["events"]
            if (text := _text_of(event)) is not None
        )
        if not lines and (form := DISPUTE.get(commit["verb"])) is not None:
            lines = (desk.texts.gettext(form.label),)
        words = tuple(("", one) for one in said.get(commit["version"], ()))
        if lines or words:
            at = datetime.fromisoformat(commit["at"])
            steps.append(
                Told(commit["version"], at, call(person_of(commit["actor"])), lines, words)
            )
    return steps


def called_in(room: Room, desk: Desk) -> Callable[[str | None], str | None]:
    """Who did something: as a party, as who mediates, by the seat on the panel, by name; of others
    that they are staff.
    """
    say, party = desk.texts.gettext, party_of(room, desk)
    parties = {} if room.dispute is None else _parties(room.dispute)
    panel = room.panel or {"seats": [], "mediator": None}
    seats = {one["person"]: one["code"] for one in panel["seats"]}
    mediator = (room.dispute or panel)["mediator"]

    def call(person: str | None) -> str | None:
        if person is None:
            return None
        if person == desk.session.sub:
            return say("我")
        if person in parties:
            return party(parties[person])
        named = room.people.get(person, "")
        if person == mediator:
            return f"{say(_MEDIATOR)} {named}".strip()
        if person in seats:
            seat = seats[person]
            return f"{say(wording.SEATS.get(seat, seat))} {named}".strip()
        return named or say(_STAFF)

    return call


def _parties(dispute: Mapping[str, Any]) -> dict[str, str]:
    """For which party somebody speaks."""
    return {
        who: one["party"]
        for one in dispute["parties"]
        for who in (one["person"], one["representative"])
        if who is not None
    }


def _text_of(event: Mapping[str, Any]) -> str | None:
    data = event["data"] or {}
    match event["name"]:
        case "MediatorKnown" if data.get("mediator") is None:
            return NO_MEDIATOR
        case "DisputeEnded" if data.get("to") is not None:
            return PASSED_ON
    return SENTENCES.get(event["name"])


def _saying(room: Room, desk: Desk, office: Callable[[str], str]) -> Callable[[str, Any], str]:
    gettext, name, party = desk.texts.gettext, name_of(room, desk), party_of(room, desk)
    call = called_in(room, desk)

    def say(field: str, value: Any) -> str:
        if value is None:
            return "—"
        if field == "party":
            return party(value)
        if field == "members":
            return "、".join(call(one) or "—" for one in value) or "—"
        if field == "office":
            return office(value)
        if field in _PEOPLE:
            return name(value)
        if field in _TIMES:
            return desk.moment(value)
        words = _PLAIN.get(field, {}).get(value)
        return str(value) if words is None else gettext(words)

    return say


def _said(dossier: Iterable[Mapping[str, Any]]) -> Mapping[int, list[str]]:
    """Reasons by the version that they were given with, as far as they are for the reader."""
    said: defaultdict[int, list[str]] = defaultdict(list)
    for entry in dossier:
        if entry["name"] == "DisputeReasonGiven" and entry["data"].get("text"):
            said[entry["version"]].append(entry["data"]["text"])
    return said
