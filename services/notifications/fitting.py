"""Words cut to what a way holds: so many characters in a push message, so many parts of a text.

Texts are counted as 3GPP TS 23.040 and 23.038 have them in UCS-2: 70 units in one, 67 in each of
several that belong together. A group's robot takes 2,048 bytes (WeCom's limit of a text, the
smallest of the three).
"""

import re
from collections.abc import Callable

from services.notifications.domain.ways import Way
from services.notifications.wording import Rendered

SMS_ALONE, SMS_PART, SMS_PARTS = 70, 67, 4
PUSH_TITLE, PUSH_BODY = 50, 120
EMAIL_SUBJECT = 60
ROBOT_BYTES = 2_048
CALL = 500
"""Characters that somebody reads out on the telephone."""
ELLIPSIS = "…"

Measure = Callable[[str], int]

_WORD = re.compile(r"[A-Za-z0-9_-]")
_TRAILING = " ,.;:、，。；：（("


def fit(words: Rendered, way: Way, keep: str = "") -> Rendered:
    """A message as it goes out by a way: within its limits, cut at the end of a word. What is cut
    still has `keep`, the id of what it is about. A text has a body only, a robot both in one.
    """
    match way:
        case Way.PUSH:
            body = words.short or words.body
            return Rendered(cut(words.title, PUSH_TITLE), cut(body, PUSH_BODY, keep))
        case Way.EMAIL:
            return Rendered(cut(words.title, EMAIL_SUBJECT), words.body)
        case Way.SMS:
            whole = words.short or f"{words.title}\n{words.body}"
            return Rendered("", cut(whole, SMS_PART * SMS_PARTS, keep, units))
        case Way.ROBOT:
            title = cut(words.title, EMAIL_SUBJECT)
            return Rendered(title, cut(words.body, ROBOT_BYTES - octets(title) - 1, keep, octets))
        case Way.PHONE:
            return Rendered(words.title, cut(words.body, CALL, keep))


def cut(text: str, most: int, keep: str = "", measure: Measure = len) -> str:
    """The text, or as much of its beginning as fits with an ellipsis and, where that is not in it
    any more, `keep` in brackets.
    """
    if measure(text) <= most:
        return text
    for end in (ELLIPSIS, f"{ELLIPSIS} ({keep})"):
        head = _beginning(text, most - measure(end), measure)
        if not keep or keep in head or end != ELLIPSIS:
            return head + end
    raise AssertionError("the second end has it")


def _beginning(text: str, most: int, measure: Measure) -> str:
    """What fits of the beginning, up to the end of a word."""
    low, high = 0, len(text)
    while low < high:  # the longest that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= most else (low, middle - 1)
    end = low
    if end < len(text) and _WORD.match(text[end]):
        while end and _WORD.match(text[end - 1]):
            end -= 1
    head = text[:end].rstrip(_TRAILING)
    return head or text[:low]


def units(text: str) -> int:
    """Units of UCS-2: characters beyond the first plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def octets(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8"))


def parts(text: str) -> int:
    """How many texts a message is, as a provider bills it."""
    length = units(text)
    return 1 if length <= SMS_ALONE else -(-length // SMS_PART)
