"""A petition's history in sentences: its commits, with the words of the dossier where they belong.

An event that has no sentence here is passed over, unless nothing else of its commit has one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places
from services.gateway.pages.staff.wording import DUTIES, OUTCOMES
from services.gateway.pages.words import LEVEL, SUSPENSION

Translated = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Told:
    """One step: `lines` say what happened, `words` are what somebody said with it."""

    version: int
    at: datetime
    actor: str | None
    lines: tuple[str, ...]
    words: tuple[tuple[str, str], ...] = ()
    """Who or what it is of, and the words themselves."""


SENTENCES: Mapping[str, str] = {
    "PetitionFiled": marked("登记诉求"),
    "PetitionAlarmed": marked("发现险情，直接通知 {place} 的值守人员"),
    "PetitionReachedLevel": marked("进入{level}（{place}），须在 {answer_by} 前答复"),
    "PetitionAssigned": marked("由 {assignee} 承办（{duty}）"),
    "PetitionUnassigned": marked("{assignee} 不再承办，等待另行指定"),
    "PetitionTaken": marked("{assignee} 开始办理"),
    "PetitionDeadlineNear": marked("办理时间已过四分之三，提醒承办人"),
    "PetitionOverdue": marked("{level}未在 {answer_by} 前答复，已经逾期"),
    "PetitionReturned": marked("请诉求人补充情况"),
    "PetitionCommented": marked("留言"),
    "PetitionHandedUp": marked("{level}上报{to}"),
    "PetitionAnswered": marked("{level}答复，诉求人可在 {follow_up_until} 前评价"),
    "PetitionRated": marked("诉求人评价 {stars} 星"),
    "PetitionFollowedUp": marked("回访诉求人"),
    "PetitionReopened": marked("评价不满意，第 {times} 次重新办理"),
    "PetitionReviewAsked": marked("诉求人申请复查"),
    "PetitionSentToReview": marked("提交区级复核"),
    "PetitionWithdrawn": marked("诉求人撤回诉求"),
    "PetitionClosed": marked("办结：{outcome}"),
    "PetitionSigned": marked("又有一户签名，共 {households} 户"),
    "PetitionSignatureWithdrawn": marked("一户撤回签名，还有 {households} 户"),
    "PetitionSpokespersonChanged": marked("更换代表人"),
    "PetitionSupported": marked("又有居民附议，共 {supporters} 人"),
    "PetitionSupportWithdrawn": marked("一位居民撤回附议"),
    "PetitionMerged": marked("并入 {into} 一并办理"),
    "PetitionAdopted": marked("并入一件诉求（{member}）"),
    "PetitionMemberRefused": marked("未能并入 {member}"),
    "PetitionSplit": marked("从 {out_of} 拆分，单独办理"),
    "PetitionMemberLeft": marked("{member} 已拆分出去"),
    "PetitionLinked": marked("关联 {to}"),
    "PetitionSuspended": marked("暂缓办理到 {until}：{reason}"),
    "PetitionResumed": marked("恢复办理，须在 {answer_by} 前答复"),
    "PetitionSentToMediation": marked("转入调解"),
    "PetitionMediated": marked("调解结束"),
    "ConsultationCalled": marked("{level}召集部门会诊，{lead} 牵头"),
    "DepartmentCalled": marked("请 {department} 在 {accept_by} 前接受任务"),
    "DepartmentAccepted": marked("{department} 接受任务，{part_by} 前交回"),
    "DepartmentRefused": marked("{department} 认为不属于本单位"),
    "DepartmentSilent": marked("{department} 未在 {accept_by} 前回应"),
    "DepartmentInsisted": marked("责令 {department} 在 {part_by} 前交回"),
    "DepartmentHandedOver": marked("{department} 的任务改交 {instead}"),
    "DepartmentRuledOut": marked("免除 {department} 的任务"),
    "DepartmentDelivered": marked("{department} 交回意见"),
    "DepartmentLate": marked("{department} 未在 {part_by} 前交回"),
    "ConsultationConcluded": marked("会诊结束"),
    "PromiseMade": marked("承诺第 {promise} 项，{due} 前完成"),
    "PromiseFellDue": marked("第 {promise} 项承诺到期，询问诉求人是否兑现"),
    "PromiseFollowedUp": marked("回访第 {promise} 项承诺"),
    "PromiseReported": marked("报告第 {promise} 项承诺的进展"),
    "PromiseJudged": marked("诉求人评判第 {promise} 项承诺"),
    "PetitionReleased": marked("对外公开"),
    "PetitionReleaseWithdrawn": marked("撤回公开"),
    "ReleaseDrafted": marked("起草公开稿，等待另一人复核"),
    "ReleaseRefused": marked("公开稿未获同意"),
    "AttachmentCounted": marked("添加附件"),
    "PetitionForgotten": marked("个人信息已经清除"),
}
_FIELD = re.compile(r"\{(\w+)\}")
_BY_ITSELF = "service:"
"""What the actor of a commit begins with that came of an event."""
_PLAIN: Mapping[str, Mapping[str, str]] = {
    "level": LEVEL,
    "to": LEVEL,
    "duty": DUTIES,
    "outcome": OUTCOMES,
    "reason": SUSPENSION,
}
_TIMES = frozenset({"answer_by", "until", "follow_up_until", "accept_by", "part_by", "due"})
_SAID: Mapping[str, str] = {
    "CommentWritten": "text",
    "ReasonGiven": "text",
    "WordGiven": "text",
    "QuestionPut": "text",
    "PartWritten": "text",
    "MinuteWritten": "text",
    "PromiseWritten": "text",
}
"""Of these entries of the dossier, the field with the words."""


def told(
    timeline: Iterable[Mapping[str, Any]],
    dossier: Iterable[Mapping[str, Any]],
    places: Places,
    translated: Translated,
    moment: Callable[[str], str],
) -> list[Told]:
    """The steps, the latest first. `moment` tells a time."""
    said = defaultdict(list)
    for entry in dossier:
        said[entry["version"]].extend(_words(entry))
    steps = []
    for commit in timeline:
        lines = [
            sentence(event, places, translated, moment)
            for event in commit["events"]
            if event["name"] in SENTENCES
        ]
        words = tuple(said.get(commit["version"], ()))
        if lines or words:
            at = datetime.fromisoformat(commit["at"])
            actor = person_of(commit["actor"])
            steps.append(Told(commit["version"], at, actor, tuple(lines), words))
    return steps[::-1]


def sentence(
    event: Mapping[str, Any],
    places: Places,
    translated: Translated,
    moment: Callable[[str], str],
) -> str:
    """What an event says, in words."""

    def say(name: str, value: Any) -> str:
        if name == "place" and value:
            return places.name(value)
        if name in _TIMES and value:
            return moment(value)
        if (words := _PLAIN.get(name)) is not None and value in words:
            return translated(words[value])
        return "—" if value is None else str(value)

    return filled_in(translated(SENTENCES[event["name"]]), event["data"] or {}, say)


def filled_in(text: str, data: Mapping[str, Any], say: Callable[[str, Any], str]) -> str:
    """A sentence in which `say` tells the fields of an event that stand in braces."""
    return _FIELD.sub(lambda found: say(found[1], data.get(found[1])), text)


def person_of(actor: str | None) -> str | None:
    """Who did it, where that was somebody: services act by themselves, too."""
    return None if actor is None or actor.startswith(_BY_ITSELF) else actor


def _words(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    data = entry["data"]
    if entry["name"] == "AnswerWritten":
        follows = [f"{n}. {what}" for n, what in enumerate(data.get("follows", ()), 1)]
        return [(data["done_by"], "\n".join([data["done"], *follows]))]
    field = _SAID.get(entry["name"])
    if field is None or not data.get(field):
        return []
    return [(str(data.get("department") or ""), str(data[field]))]


def described(dossier: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Title, text and contact as they were raised; None where they are not for the reader."""
    for entry in dossier:
        if entry["name"] == "PetitionDescribed":
            return dict(entry["data"])
    return None


def promises(dossier: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What was promised, by its number."""
    return {
        entry["data"]["promise"]: entry["data"]["text"]
        for entry in dossier
        if entry["name"] == "PromiseWritten" and entry["data"]["about"] == "promised"
    }
