"""What an answer must say: what was done, by whom, and what follows until when.

"Transferred to the department concerned" is no answer, however politely it is said.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from services.petitions.domain.commands import Answer
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

LEAST_SAID = 3
"""Characters that a clause of substance has at least."""
MOST_STEPS = 5
"""Things that one answer can promise."""
LONGEST_PROMISE = timedelta(days=5 * 366)
"""Who promises for later than this promises nothing."""

_CLAUSE = re.compile(r"[。！？!?；;，,：:\n\r]+")
_SPACE = re.compile(r"\s+")
_ADDRESSED = re.compile(r"^(网友)?[“\"「][^”\"」]{0,30}[”\"」]+(?=$|网友|您|你|感谢)")
"""Whom it is written to: “向阳花”您好."""
_COURTESY = re.compile(
    r"^(亲爱|网友|网民|市民|尊敬|您好|你好|感谢|谢谢|再次感谢|特此|此复|祝您|祝你|敬请|欢迎|关于|针对"
    r"|现将|现就|就您|您反映|你反映|您所|你所|您的|你的|对您)"
    r"|^(现|兹)?(就此)?[回答][复覆]如下$"
)
_DEED = re.compile(
    r"已经?(?!经|收|受理|知|悉|转|移|交|批|反馈|上报|登记|阅|[回答][复覆]|作出|做出|向您|就此).{2}"
)
"""What became of it: 您反映的路灯已修好."""
_PASSED_ON = re.compile(
    r"(转|移交|交由|反馈给).{0,20}(处理|处置|办理|核实|调查|研究|落实|部门|单位)$"
    r"|(将|会|正在|正).{0,8}(处理|调查|核实|研究|办理)(中|之中)?$"
    r"|^(我们|我办|我局|现|均)?已经?(转|移|批)交(给|至|到)?"
    r"(.{0,16}(局|委|办|办公室|队|院|区|县|市|镇|乡|街道|公司|站|中心|政府|科室|关注))?$"
)
"""A clause that ends with others having it, or with its being looked at."""
_DATED = re.compile(r"^[A-Za-z0-9０-９年月日号.\-/: ]+$")
"""A date, a number, an address on the web."""


def check_quality(
    answer: Answer, hollow: tuple[str, ...], simplified: Callable[[str], str], now: datetime
) -> None:
    """Raises `Rejected` for what is no answer. `hollow` are the phrases that only pass it on, in
    simplified script; what was done is brought into that by `simplified`.
    """
    if not _says_something(simplified(answer.done), hollow):
        raise Rejected(
            "hollow-answer",
            "say what was done about it: that it was passed on or will be looked at is no answer",
        )
    if not answer.follows and not answer.finished:
        raise Rejected(
            "open-ended-answer", "say what follows and until when, or that it is finished"
        )
    if answer.follows and answer.finished:
        raise Rejected("finished-and-not", "it is not finished while something is still to follow")
    if len(answer.follows) > MOST_STEPS:
        raise Rejected("too-many-steps", f"name {MOST_STEPS} steps at most", most=MOST_STEPS)
    for step in answer.follows:
        if not now < end_of(step.until) <= now + LONGEST_PROMISE:
            raise Rejected(
                "promise-out-of-time",
                "the day until which a step is done lies ahead, within five years",
            )


def end_of(day: date) -> datetime:
    """The moment at which a local day is over."""
    midnight = datetime.combine(day + timedelta(days=1), time(), CHINA)
    return midnight.astimezone(UTC)


def _says_something(text: str, hollow: tuple[str, ...]) -> bool:
    """Whether a clause is left that neither passes it on nor is only polite."""
    for clause in _CLAUSE.split(text):
        said = _ADDRESSED.sub("", _SPACE.sub("", clause)).strip("、")
        if any(phrase in said for phrase in hollow):
            continue
        if _COURTESY.match(said) and not _DEED.search(said):
            continue
        if _PASSED_ON.search(said) or _DATED.match(said):
            continue
        if len(said) >= LEAST_SAID:
            return True
    return False
