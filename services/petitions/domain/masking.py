"""What is hidden before words about a petition are shown to everybody (脱敏).

Telephone numbers, identity numbers, bank cards, plates, e-mails, accounts, the door somebody lives
behind and names give way to a word that says what stood there. What may be one of these but is not
certain stays, and is named as a doubt: a second person looks at it before anything is published.

A room goes together with the unit and floor that lead to it; the building stays, and so does a unit
that is named without a room, for a broken lift of a unit is nobody's address.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import decimal

from services.petitions.domain.ladder import as_written
from services.petitions.domain.naming import Found, names_in


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in the masked text, from `start` up to `end`, that may have to be hidden too."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may be shown, if there are no doubts.

    `hidden` says how often each kind was hidden: ``phone``, ``identity``, ``card``, ``number``,
    ``plate``, ``email``, ``account``, ``door``, ``name``. `doubts` stand in order.
    """

    text: str
    hidden: tuple[tuple[str, int], ...]
    doubts: tuple[Doubt, ...]


SHOWN_INSTEAD = {
    "phone": "〔电话〕",
    "identity": "〔证件号〕",
    "card": "〔银行卡〕",
    "number": "〔号码〕",
    "plate": "〔车牌〕",
    "email": "〔邮箱〕",
    "account": "〔账号〕",
    "door": "〔门牌〕",
    "name": "〔姓名〕",
}

# --- a shadow of the text, character by character, with one way to write numbers ------------------

_NUMERALS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー~～_", "-"))
_NOTHING = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3\u00ad", " "))
_FULL_WIDTH = 0xFEE0


def _narrow(char: str) -> str:
    """A character in half width; every decimal digit of any script as 0 to 9."""
    if (digit := decimal(char, None)) is not None:
        return str(digit)
    if "！" <= char <= "～":
        return chr(ord(char) - _FULL_WIDTH)
    return " " if char == "\u3000" else char


def _shadow(text: str) -> str:
    narrow = text if text.isascii() else "".join(map(_narrow, text))
    return narrow.translate(_DASHES).translate(_NOTHING)


# --- numbers --------------------------------------------------------------------------------------

_SEP = r"[ \t.\-·•()*]{0,3}"
_MONEY = r"(?!\.\d)(?!\s{0,2}(?:元|块|万|亿|平|㎡|m2|吨|公里|米|户|人|次|度|%|立方|亩|号文))"


def _digits(count: int) -> str:
    return rf"\d(?:{_SEP}\d){{{count - 1}}}"


_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{_SEP})?1{_SEP}[3-9](?:{_SEP}\d){{9}}(?!\d)"
    r"|(?<!\d)1[3-9]\d[^\w\n]{1,4}\d{4}[^\w\n]{1,4}\d{4}(?!\d)"
    r"|(?<!\d)1[3-9]\d[xX*×#?]{2,8}\d{0,4}(?!\d)"
    r"|(?<!\d)1[3-9]\d{3,7}[xX*×#?]{2,6}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<!\d)(?:\+?86{_SEP})?\(?0(?:10|2\d|[3-9]\d{{2}})\)?{_SEP}[2-8](?:{_SEP}\d){{6,7}}(?!\d)"
    r"|(?<!\d)[48]00[ \-]{0,2}\d{3}[ \-]{0,2}\d{4}(?!\d)"
)
_CALLED = re.compile(
    r"(?<!〔)(?:电话|致电|来电|拨打|拨|热线|座机|手机|联系方式|号码|传真|联系|tel|phone|咨询)"
    rf"[^\d。;\n〔〕]{{0,12}}?(?<!\d)([2-8](?:{_SEP}\d){{6,7}})(?!\d)" + _MONEY,
    re.I,
)
_IDENTITY = re.compile(
    rf"(?<!\d)[1-9](?:{_SEP}\d){{5}}{_SEP}(?:1{_SEP}[89]|2{_SEP}0){_SEP}{_digits(2)}"
    rf"{_SEP}(?:0{_SEP}[1-9]|1{_SEP}[0-2]){_SEP}(?:0{_SEP}[1-9]|[12]{_SEP}\d|3{_SEP}[01])"
    rf"{_SEP}{_digits(3)}{_SEP}[\dXx](?![\dA-WYZa-wyz])"
    r"|(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
    r"|(?<!\d)[1-9]\d{5}[ \-]?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ \-]?\d{3}(?!\d)"
    r"|(?<!\d)[1-9]\d{3,9}[xX*×]{4,10}\d{1,4}[Xx]?(?!\d)"
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|居留证|港澳证)"
    r"[^A-Za-z\d。\n〔〕]{0,8}([A-Za-z]{1,2}[ ]?\d{6,9})",
    re.I,
)
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ \-]{1,2}\d{4}){3}(?:[ \-]{1,2}\d{1,3})?(?!\d)")
_LONG = re.compile(r"(?<![\dA-Za-z.])\d{11,}(?!\d)" + _MONEY)
_SHORT = re.compile(r"(?<![\dA-Za-z.\-])\d(?:[ \-]?\d){6,9}(?![\dA-Za-z])" + _MONEY)
_DATE = re.compile(
    r"(?:19|20)\d{2}-?(?:0?[1-9]|1[0-2])-?(?:0?[1-9]|[12]\d|3[01])|(?:19|20)\d{2}-(?:19|20)\d{2}"
)
_LUHN_LENGTHS = range(15, 20)

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_GAP = r"[ \-·•.:*]{0,2}"
_PLATE = re.compile(
    rf"[{_PROVINCES}]{_GAP}[A-Za-z]{_GAP}(?=(?:{_GAP}[A-Za-z0-9]){{0,5}}{_GAP}\d)"
    rf"[A-Za-z0-9](?:{_GAP}[A-Za-z0-9]){{3,7}}[挂学警港澳]?(?![A-Za-z0-9])"
)
_PLATE_WORD = re.compile(
    r"(?<!〔)(?:车牌|牌照|车号|(?<!门)牌号)[^A-Za-z\d。\n与例〔〕]{0,8}([A-Za-z0-9](?:[ "
    r"\-·•]?[A-Za-z0-9]){4,6})"
    r"(?![A-Za-z0-9])",
)
_PERHAPS_PLATE = re.compile(
    r"(?![准为号级标第和])[\u4e00-\u9fff][A-Za-z][·•\-]?(?=[A-Za-z0-9]{0,3}\d{2})"
    r"[A-Za-z0-9]{5,6}(?![A-Za-z0-9])"
)

_EMAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,63})[ ]{0,2}(?:@|\(at\)|\[at\])[ ]{0,2}"
    r"[A-Za-z0-9\-]{1,63}(?:[ ]?\.[ ]?[A-Za-z0-9\-]{2,24}){1,4}",
    re.I,
)
_ACCOUNT = re.compile(
    r"(?<!〔)(?:微信|薇信|威信|wechat|weixin|v信|vx|wx|qq|扣扣|抖音|微博|支付宝|钉钉|telegram|账号|帐号)"
    r"(?:号码|账号|帐号|群号|号|群|id|联系)?\s*(?:是|为|同号)?\s*[:(（,-]?\s*"
    r"([A-Za-z][-_A-Za-z0-9]{5,19}|\d(?:[ -]?\d){4,11})(?![A-Za-z0-9])",
    re.I,
)

# --- doors ----------------------------------------------------------------------------------------

_N = r"(?:[A-Za-z]?\d{1,4}[A-Za-z]?|[零〇一二三四五六七八九十百]{1,4})"
_DOOR = re.compile(
    rf"(?:{_N}\s?(?:单元|门栋|梯位|梯)\s?)?(?:{_N}\s?(?:层|楼)\s?)?"
    r"(?<![\d])(?:[A-Za-z]?\d{2,4}(?:-\d{1,4})?[A-Za-z]?|[零〇一二三四五六七八九]{3,4})\s?(?:室"
    r"|房(?!产|价|款|贷|东|改|源|地|票|型|龄|补|租|间)|号房)"
    rf"|{_N}\s?单元\s?(?:{_N}\s?(?:层|楼)\s?)?\d{{2,4}}(?!\d|年|月|元|户|%|[.\-/]\d)"
)
_AFTER_BUILDING = re.compile(
    rf"(?:栋|幢|号楼|座|#楼?)\s?-?({_N}单元)?[- ]?(\d{{1,2}}-)?(\d{{3,4}})(?!\d|年|月|日|元|户"
    rf"|平|%|[.\-/]\d|万|多|个|余|米|层|号[楼线令])"
)
_DASHED_DOOR = re.compile(r"(?<![\d\-.])[A-Za-z]?\d{1,3}-(\d{1,2}-\d{3,4})(?![\d\-年])")
_VILLAGE_DOOR = re.compile(rf"(?:组|村|屯|队|巷|弄)\s?({_N}号)(?!楼|线|文|令|公|通|井|桥|矿|路)")


def mask(text: str, simplified: Callable[[str], str] = as_written) -> Masked:
    """The text with what is personal hidden, and what is doubtful named. It is looked for in
    simplified script, into which `simplified` brings the text character by character.
    """
    found = _Findings()
    plain = simplified(text)
    shadow = _shadow(plain)
    # What was found is blotted out before the next is looked for: digits of two numbers that stand
    # together, one in figures and one in characters, would hide each other.
    for numerals in ({}, _NUMERALS):
        for kind, pattern in _NUMBERS:
            numbers = found.blotted(shadow).translate(numerals)
            for match in pattern.finditer(numbers):
                if kind == "card" and not _luhn(match.group()):
                    found.take(Found("number", match.start(), match.end()))
                else:
                    found.take(Found(kind, match.start(), match.end()))
    for kind, start, end in (*_told(found.blotted(shadow)), *_doors(found.blotted(shadow))):
        found.take(Found(kind, start, end))
    for one in names_in(plain):
        found.take(one)
    for kind, start, end in _perhaps(found.blotted(shadow)):
        found.take(Found(kind, start, end, sure=False))
    return found.told(text)


class _Findings:
    """What was found, each character at most once: the first to claim it has it."""

    def __init__(self) -> None:
        self._found: list[Found] = []
        self._claimed: set[int] = set()

    def take(self, one: Found) -> None:
        span = range(one.start, one.end)
        if self._claimed.isdisjoint(span):
            self._found.append(one)
            self._claimed.update(span)

    def blotted(self, text: str) -> str:
        """The text with a line break for every character of what was found."""
        if not self._claimed:
            return text
        return "".join("\n" if n in self._claimed else char for n, char in enumerate(text))

    def told(self, text: str) -> Masked:
        """The text with the sure ones replaced; the doubts' places in it."""
        pieces: list[str] = []
        doubts: list[Doubt] = []
        at = length = 0
        for one in sorted(self._found, key=lambda one: one.start):
            shown = one.instead or SHOWN_INSTEAD[one.kind]
            kept = text[at : one.start]
            shown = shown if one.sure else text[one.start : one.end]
            length += len(kept)
            if not one.sure:
                doubts.append(Doubt(one.kind, length, length + len(shown)))
            pieces += (kept, shown)
            length += len(shown)
            at = one.end
        counts = Counter(one.kind for one in self._found if one.sure)
        return Masked("".join((*pieces, text[at:])), tuple(sorted(counts.items())), tuple(doubts))


_NUMBERS = (
    ("email", _EMAIL),
    ("identity", _IDENTITY),
    ("phone", _MOBILE),
    ("phone", _LANDLINE),
    ("plate", _PLATE),
    ("card", _CARD),
    ("card", _LONG),
)
"""The most telling first."""

_AFTER_A_WORD = (
    (_PASSPORT, "identity"),
    (_PLATE_WORD, "plate"),
    (_CALLED, "phone"),
    (_ACCOUNT, "account"),
)


def _told(shadow: str) -> Iterator[tuple[str, int, int]]:
    """What is certain by the word before it."""
    for pattern, kind in _AFTER_A_WORD:
        for match in pattern.finditer(shadow):
            if not _DATE.match(match[1]):
                yield kind, match.start(1), match.end(1)


def _doors(shadow: str) -> Iterator[tuple[str, int, int]]:
    for match in _DOOR.finditer(shadow):
        yield "door", match.start(), match.end()
    for match in _AFTER_BUILDING.finditer(shadow):
        yield "door", match.start(1) if match[1] else match.start(2 if match[2] else 3), match.end()
    for match in _DASHED_DOOR.finditer(shadow):
        yield "door", match.start(1), match.end()
    for match in _VILLAGE_DOOR.finditer(shadow):
        yield "door", match.start(1), match.end()


def _perhaps(shadow: str) -> Iterator[tuple[str, int, int]]:
    for match in _SHORT.finditer(shadow):
        if not _DATE.fullmatch(match.group().replace(" ", "-")):
            yield "number", match.start(), match.end()
    for match in _PERHAPS_PLATE.finditer(shadow):
        yield "plate", match.start(), match.end()


def _luhn(number: str) -> bool:
    """Whether the check digit of a bank card (ISO/IEC 7812-1) fits."""
    digits = [int(char) for char in number if char.isdigit()]
    if len(digits) not in _LUHN_LENGTHS:
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
