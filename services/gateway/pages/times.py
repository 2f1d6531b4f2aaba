"""Times in words, as they are in the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from services.gateway.pages.languages import Texts, marked, marked_count

ZONE = ZoneInfo("Asia/Shanghai")
SOON = timedelta(days=1)
"""What is left of a time when it is shown as running out."""

_DAYS = marked_count("%(num)s 天")
_HOURS = marked_count("%(num)s 小时")
_MINUTES = marked_count("%(num)s 分钟")
_NEAR = {-1: marked("昨天"), 0: marked("今天"), 1: marked("明天"), 2: marked("后天")}


class Pressing(StrEnum):
    """How much a time presses."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Left:
    """How long is left of a time, or by how much it has passed."""

    pressing: Pressing
    words: str


def read(value: datetime | str) -> datetime:
    """A moment of a service's answer (RFC 3339), in the city's zone. Raises ValueError."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(ZONE)


def day(value: datetime | date | str, now: datetime, texts: Texts) -> str:
    """``今天``, ``11月29日``, ``2025年3月1日``."""
    that = value if type(value) is date else read(value).date()  # type: ignore[arg-type]
    today = now.astimezone(ZONE).date()
    near = _NEAR.get((that - today).days)
    if near is not None:
        return texts.gettext(near)
    return _written(that, today, texts)


def moment(value: datetime | str, now: datetime, texts: Texts) -> str:
    """``今天 14:30``, ``11月29日 14:30``."""
    there = read(value)
    return f"{day(there, now, texts)} {clock(there, texts)}"


def clock(value: datetime | str, texts: Texts) -> str:
    """``14:30``."""
    return format_time(read(value), "HH:mm", tzinfo=ZONE, locale=texts.locale)


def left(value: datetime | str, now: datetime, texts: Texts) -> Left:
    """``还有 2 天 3 小时``, ``已超时 40 分钟``."""
    rest = read(value) - now
    if rest < timedelta(0):
        return Left(Pressing.LATE, texts.gettext("已超时 %(span)s") % {"span": span(-rest, texts)})
    pressing = Pressing.SOON if rest <= SOON else Pressing.CALM
    return Left(pressing, texts.gettext("还有 %(span)s") % {"span": span(rest, texts)})


def span(length: timedelta, texts: Texts) -> str:
    """A length of time in its two largest units: ``2 天 3 小时``; a minute at least."""
    minutes = max(int(length.total_seconds()) // 60, 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _joined(texts, (_DAYS, days), (_HOURS, hours))
    return _joined(texts, (_HOURS, hours), (_MINUTES, minutes))


def _joined(texts: Texts, *parts: tuple[str, int]) -> str:
    return " ".join(texts.counted(text, number) for text, number in parts if number)


def _written(that: date, today: date, texts: Texts) -> str:
    skeleton = "MMMd" if that.year == today.year else "yMMMd"
    return format_skeleton(skeleton, that, locale=texts.locale)


WEEKDAYS: Sequence[str] = (
    marked("星期一"),
    marked("星期二"),
    marked("星期三"),
    marked("星期四"),
    marked("星期五"),
    marked("星期六"),
    marked("星期日"),
)
"""0 is Monday."""
