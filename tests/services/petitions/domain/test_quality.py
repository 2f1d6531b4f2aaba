"""An answer says what was done, by whom, and what follows until when."""

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import opencc
import pytest

from services.petitions.chinese import simplified
from services.petitions.domain.commands import Answer, Step
from services.petitions.domain.dossier import AnswerWritten
from services.petitions.domain.promises import PromiseWritten
from services.petitions.domain.quality import check_quality
from services.petitions.domain.state import Status
from services.petitions.rules import load_rules
from shared.contracts.petitions import PromiseMade
from shared.runtime.aggregate import Rejected
from tests.services.petitions.town import (
    GRID_HEAD,
    ID,
    RESIDENT,
    TOWN,
    TUESDAY,
    filed,
    local,
)

RULED = replace(TOWN, hollow=load_rules().hollow_answers, simplified=simplified)


SCRIPTS = (None, "s2t", "s2hk", "s2tw")
"""None is as it stands here; the others are traditional script, as regions write it."""


_converter = cache(opencc.OpenCC)


def written_in(script: str | None, words: str) -> str:
    return words if script is None else _converter(script).convert(words)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "words",
    [
        "网友您好！您反映的问题已转交相关部门处理。感谢您的支持！",
        "您好，您的留言已收悉，已轉相關部門。2025年3月4日",
        "您反映的问题，已转相关部门处理。",
        "好的",
        "您好。感谢您的来信。",
        "“向阳花”：您好！您反映的问题已转至县交通局核实、办理。",
        "“向阳花”",
        "亲爱的网友：您反映的问题，我们已转交市公安局。2019年10月13日",
        "您所反映的事情已收悉，现回复如下：",
        "您反映的问题教育局已经答复。链接：https://example.com/",
    ],
)
def test_to_pass_it_on_is_no_answer_and_the_clock_goes_on(words: str, script: str | None) -> None:
    words = written_in(script, words)
    past = filed()
    hollow = Answer(by=GRID_HEAD, done=words, done_by="社区", finished=True)
    state = past.when(hollow, at=TUESDAY, facts=RULED).then_rejected("hollow-answer").state
    assert state.answer_by == past.state.answer_by
    assert state.status is not Status.ANSWERED


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "words",
    [
        "您好！已转交市政公司，市政公司已于3月4日疏通管道，污水已清理干净。",
        "经查情况属实，已更换路灯两盏",
        "您反映的路灯已修好。",
        "已修复“幸福路”路灯",
        "钥匙已移交业主",
        "“幸福路”路灯已更换",
    ],
)
def test_what_was_done_is_an_answer_whatever_stands_around_it(
    words: str, script: str | None
) -> None:
    words = written_in(script, words)
    answer = Answer(by=GRID_HEAD, done=words, done_by="社区", finished=True)
    filed().when(answer, at=TUESDAY, facts=RULED).then_among(AnswerWritten(words, "社区"))


def test_it_says_what_follows_or_that_it_is_finished() -> None:
    open_ended = Answer(by=GRID_HEAD, done="已报修电梯", done_by="物业")
    filed().when(open_ended, at=TUESDAY, facts=TOWN).then_rejected("open-ended-answer")
    both = Answer(
        by=GRID_HEAD,
        done="已报修电梯",
        done_by="物业",
        follows=(Step("更换主板", date(2025, 6, 1)),),
        finished=True,
    )
    filed().when(both, at=TUESDAY, facts=TOWN).then_rejected("finished-and-not")


@pytest.mark.parametrize("day", [date(2025, 3, 3), date(2031, 1, 1)])
def test_what_is_promised_lies_ahead_but_not_for_ever(day: date) -> None:
    answer = Answer(by=GRID_HEAD, done="已报修", done_by="物业", follows=(Step("更换", day),))
    filed().when(answer, at=TUESDAY, facts=TOWN).then_rejected("promise-out-of-time")


def test_every_step_that_follows_is_a_promise_with_its_day() -> None:
    answer = Answer(
        by=GRID_HEAD,
        done="已报修电梯",
        done_by="物业",
        follows=(Step("更换主板", date(2025, 6, 1)), Step("复检", date(2025, 7, 1))),
    )
    state = (
        filed()
        .when(answer, at=TUESDAY, facts=TOWN)
        .then_among(
            AnswerWritten(
                "已报修电梯",
                "物业",
                ("更换主板", "复检"),
                (local(6, 2, 0), local(7, 2, 0)),
            ),
            PromiseMade(ID, 1, local(6, 2, 0), GRID_HEAD, "banyan", "sanitation", RESIDENT),
            PromiseWritten(1, "更换主板", "promised"),
            PromiseMade(ID, 2, local(7, 2, 0), GRID_HEAD, "banyan", "sanitation", RESIDENT),
            PromiseWritten(2, "复检", "promised"),
        )
        .state
    )
    assert [promise.due for promise in state.promises] == [local(6, 2, 0), local(7, 2, 0)]


REAL = Path(__file__).parents[5] / "shared" / "data" / "petitions" / "answered.csv"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real messages (../shared/data) are not here")
def test_real_hollow_replies_are_hollow_in_traditional_script() -> None:
    """Of those that say nothing at least 97 in 100 are refused still, and hardly any other one."""

    def is_hollow(words: str) -> bool:
        answer = Answer(by=GRID_HEAD, done=words, done_by="社区", finished=True)
        try:
            check_quality(answer, RULED.hollow, RULED.simplified, TUESDAY)
        except Rejected as rejected:
            return rejected.code == "hollow-answer"
        return False

    with REAL.open(encoding="utf-8-sig", newline="") as file:
        replies = [row["reply"] for row in csv.DictReader(file) if row["reply"]]
    plain = {n for n, words in enumerate(replies) if is_hollow(words)}
    converted = {n for n, words in enumerate(replies) if is_hollow(written_in("s2hk", words))}
    print(f"{len(replies)} replies; hollow {len(plain)}, in traditional script {len(converted)}")
    assert len(plain) > 100
    assert len(plain & converted) >= 0.97 * len(plain)
    assert len(converted - plain) <= 0.03 * len(plain)
