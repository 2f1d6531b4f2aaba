"""What an answer must say: what was done, by whom, and what follows until when.

"Transferred to the department concerned" is no answer, however politely it is said.
"""

import re
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
_COURTESY = re.compile(
    r"^(网友|市民|尊敬|您好|你好|感谢|谢谢|再次感谢|特此|此复|祝您|祝你|敬请|欢迎|关于|针对|现将|现就|就您|您反映|你反映|您的|你的|您所|对您)"
)
_PASSED_ON = re.compile(
    r"(转|轉|移交|交由|反馈给|反饋給).{0,20}(处理|處理|处置|處置|办理|辦理|核实|核實|调查|調查|研究|落实|落實|部门|部門|单位|單位)$"
    r"|(将|會|会|正在|正).{0,8}(处理|處理|调查|調查|核实|核實|研究|办理|辦理)(中|之中)?$"
)
"""A clause that ends with others having it, or with its being looked at."""
_DATED = re.compile(r"^[0-9０-９年月日号.\-/: ]+$")


def check_quality(answer: Answer, hollow: tuple[str, ...], now: datetime) -> None:
    """Raises `Rejected` for what is no answer. `hollow` are the phrases that only pass it on."""
    if not _says_something(answer.done, hollow):
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
        said = _SPACE.sub("", clause).strip("、")
        if any(phrase in said for phrase in hollow):
            continue
        if _COURTESY.match(said) or _PASSED_ON.search(said) or _DATED.match(said):
            continue
        if len(said) >= LEAST_SAID:
            return True
    return False
