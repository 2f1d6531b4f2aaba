"""What in the words of a wish may have to stay hidden, or asks for money: hints for who screens it.

What is certain (a telephone number, an identity or account number) never stands in what is shown.
What may be harmless (an amount, a door, a name before a title) is looked at by a second person.
"""

import re
from dataclasses import dataclass
from unicodedata import decimal


@dataclass(frozen=True, slots=True)
class Hint:
    """In `field`, from `start` up to `end`, stands what may be a `kind`."""

    field: str
    kind: str
    start: int
    end: int


CERTAIN = frozenset({"phone", "identity", "card", "email", "account", "plate"})
"""Kinds that are never shown."""
MOST_HINTS = 40
"""Hints kept of one wish."""

_SEP = r"[ \t.\-·•()]{0,3}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_N = r"(?:\d{1,4}|[零〇一二三四五六七八九十百]{1,4})"

_KINDS = (
    ("email", re.compile(r"[\w.+\-]{1,64}\s?@\s?[\w\-]{1,63}(?:\.[\w\-]{2,24}){1,4}")),
    (
        "identity",
        re.compile(rf"(?<!\d)[1-9](?:{_SEP}\d){{16}}{_SEP}[\dXx](?!\d)|(?<!\d)[1-9]\d{{14}}(?!\d)"),
    ),
    ("phone", re.compile(rf"(?<!\d)(?:\+?86{_SEP})?1{_SEP}[3-9](?:{_SEP}\d){{9}}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)\(?0\d{2,3}\)?[ \-]{0,2}[2-8]\d{6,7}(?!\d)")),
    ("card", re.compile(r"(?<!\d)\d(?:[ \-]?\d){12,18}(?!\d)")),
    (
        "account",
        re.compile(
            r"(?:微信|薇信|wechat|weixin|vx|wx|qq|扣扣|支付宝|抖音)"
            r"(?:号码|账号|帐号|号|群|id)?\s*(?:是|为|:)?\s*([A-Za-z][-_\w]{4,19}|\d{5,12})",
            re.I | re.A,
        ),
    ),
    (
        "plate",
        re.compile(rf"[{_PROVINCES}][A-Za-z][·•.\- ]?(?=[A-Za-z0-9]{{0,4}}\d)[A-Za-z0-9]{{5,6}}"),
    ),
    (
        "money",
        re.compile(
            rf"(?:[¥$￥]\s?\d[\d,.]*)|(?:\d[\d,.]*\s?[千百万]?|{_N}\s?[千百万]?)\s?(?:元|块钱|块|万块|rmb)"
            r"|现金|红包|转账|汇款|打款|捐款|借钱|借款|借我|资助|补助金|生活费|学费|医药费|欠款|还债|贷款",
            re.I,
        ),
    ),
    (
        "door",
        re.compile(
            rf"{_N}\s?(?:栋|幢|号楼|座)\s?-?{_N}|{_N}\s?单元|\d{{2,4}}\s?(?:室|房(?!间|子|屋))"
            rf"|(?:路|街|巷|弄|村|里)\s?{_N}\s?号(?!线|楼)|(?<!\d)\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?!\d)"
        ),
    ),
    (
        "name",
        re.compile(
            r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|大爷|大妈|阿姨|叔叔|奶奶|爷爷|婆婆|伯伯|老师|医生|师傅)"
            r"|(?:我叫|名叫|姓名|本人)[:是为]?\s?[\u4e00-\u9fff]{2,4}"
        ),
    ),
    ("number", re.compile(r"(?<![\dA-Za-z.])\d(?:[ \-]?\d){6,11}(?!\d)")),
)
"""The most telling first: what one has found is not found again."""

_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_FULL_WIDTH = 0xFEE0


def hints_in(field: str, text: str) -> tuple[Hint, ...]:
    """Everything that is certain or doubtful in a text, in order."""
    shadow = "".join(map(_narrow, text))
    found: list[Hint] = []
    claimed: set[int] = set()
    # A number may be written in characters, too; doors and amounts are read as they stand.
    spelled = shadow.translate(_NUMERALS)
    for kind, pattern in _KINDS:
        for match in pattern.finditer(spelled if kind in ("phone", "identity") else shadow):
            span = range(*match.span())
            if claimed.isdisjoint(span):
                claimed.update(span)
                found.append(Hint(field, kind, *match.span()))
    return tuple(sorted(found, key=lambda one: one.start))


def kinds_of(hints: tuple[Hint, ...]) -> tuple[str, ...]:
    """What kinds they are, each once, sorted."""
    return tuple(sorted({one.kind for one in hints}))


def _narrow(char: str) -> str:
    """One character for one: digits of any script as 0 to 9, full width as half width."""
    if (digit := decimal(char, None)) is not None:
        return str(digit)
    if "！" <= char <= "～":
        return chr(ord(char) - _FULL_WIDTH)
    return " " if char == "\u3000" else char
