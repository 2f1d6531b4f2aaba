"""The masker: no number, plate or address that leads to a person is left; no ordinary word is lost.

What is generated is written in the many ways in which people write it; whether something is left is
decided by detectors of the tests' own, which know nothing of how the masker works.
"""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.petitions.chinese import simplified
from services.petitions.domain.masking import Masked, mask

REAL = Path(__file__).parents[4] / "shared" / "data" / "petitions"

SCRIPTS = ("s2t", "s2hk", "s2tw")
"""Traditional script, as regions write it."""


_converter = cache(opencc.OpenCC)


def in_script(text: str, script: str) -> str:
    """Word by word, as people write it."""
    written: str = _converter(script).convert(text)
    return written


def masked_in(text: str, script: str) -> tuple[str, Masked]:
    """The text in that script, and what the service makes of it."""
    written = in_script(text, script)
    return written, mask(written, simplified)


# --- detectors that share nothing with the masker ------------------------------------------------

_SPOKEN = str.maketrans(
    "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參叄陸", "0012345678911234567892336"
)
_BETWEEN = re.compile(r"(?<=\d)[\W_]{1,3}(?=\d)")
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATES_ANYHOW = _PLATES + "滬雲遼魯蘇贛陝閩貴粵寧瓊"


def left(text: str) -> list[str]:
    """The kinds of personal numbers that are still to be read in a text. Joins what only blanks,
    dots and dashes part, and reads Chinese numerals.
    """
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )
    found = []
    for written in (plain, plain.translate(_SPOKEN)):
        joined = re.sub(r"(?<=\d)[ \-.·—－]{1,3}(?=[\dXx])", "", written)
        for run in re.findall(r"\d+[Xx]?", joined):
            digits = run.rstrip("Xx")
            if re.fullmatch(r"(?:0?0?86)?1[3-9]\d{9}", digits):
                found.append("phone")
            if re.fullmatch(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}", digits):
                found.append("phone")
            if len(run) == 18 and 1800 < int(digits[6:10]) < 2100 and int(digits[10:12]) <= 12:
                found.append("identity")
        if re.search(r"[\w.]@[\w-]+\s?\.", written):
            found.append("email")
        squeezed = re.sub(r"[\s·.•\-]", "", written).upper()
        if re.search(
            rf"[{_PLATES_ANYHOW}][A-Z](?=[A-Z0-9]{{0,4}}\d)[A-HJ-NP-Z0-9]{{5,6}}", squeezed
        ):
            found.append("plate")
    return found


def test_the_detectors_see_what_is_there() -> None:
    assert left("１３８ 1234-5678") == ["phone", "phone"]
    assert "phone" in left("一三八零零一二三四五六")
    assert "phone" in left("0591－87654321")
    assert "identity" in left("350102 19900307 233X")
    assert "plate" in left("闽A·D12345")
    assert "plate" in left("閩A·D12345")
    assert "phone" in left("壹叄捌零零壹貳叁肆伍陸")
    assert "email" in left("ａ＠b.cn")
    assert left("2019年11月22日，3栋，12345") == []


# --- the many ways to write them -----------------------------------------------------------------

FULL_WIDTH = str.maketrans("0123456789X@.-", "０１２３４５６７８９Ｘ＠．－")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
OLD_SPOKEN = str.maketrans("0123456789", "〇幺二三四五六七八九")


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    number = "1" + draw(st.sampled_from("3456789")) + draw(digits(9))
    separator = draw(st.sampled_from(["", " ", "-", "—", "－", "  ", ".", "\u3000", "·", "\u200b"]))
    written = separator.join((number[:3], number[3:7], number[7:]))
    written = draw(st.sampled_from(["", "+86 ", "86", "0086-", "(+86)"])) + written
    return written.translate(draw(st.sampled_from([{}, FULL_WIDTH, SPOKEN, OLD_SPOKEN])))


@st.composite
def landlines(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["0591", "0595", "010", "021", "0731", "028"]))
    number = draw(st.sampled_from("2345678")) + draw(
        digits(7 if len(area) == 3 else draw(st.sampled_from([6, 7])))
    )
    joined = draw(st.sampled_from(["", "-", "－", "—", " ", "--"]))
    written = f"({area}){number}" if draw(st.booleans()) else f"{area}{joined}{number}"
    return written.translate(draw(st.sampled_from([{}, FULL_WIDTH])))


def with_check_digit(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


@st.composite
def identities(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["350102", "350181", "110105", "430102", "654321"]))
    born = draw(st.dates(min_value=date(1920, 1, 1)).filter(lambda d: d.year < 2026))
    if draw(st.integers(0, 4)) == 0:
        return area + born.strftime("%y%m%d") + draw(digits(3))
    number = with_check_digit(area + born.strftime("%Y%m%d") + draw(digits(3)))
    separator = draw(st.sampled_from(["", " ", "-", "\u3000"]))
    written = separator.join((number[:6], number[6:14], number[14:]))
    if draw(st.booleans()):
        written = written.replace("X", "x")
    return written.translate(draw(st.sampled_from([{}, FULL_WIDTH])))


@st.composite
def plates(draw: st.DrawFn) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    office = draw(st.sampled_from(_PLATES)) + draw(st.sampled_from(letters))
    if draw(st.booleans()):  # new energy
        number = (
            draw(st.sampled_from("DF"))
            + draw(st.sampled_from(letters + "0123456789"))
            + draw(digits(4))
        )
    else:
        number = draw(st.text(letters + "0123456789", min_size=4, max_size=4)) + draw(digits(1))
    joined = draw(st.sampled_from(["", "·", " ", "-", "•"]))
    written = office + joined + number
    return written.lower() if draw(st.integers(0, 4)) == 0 else written


@st.composite
def emails(draw: st.DrawFn) -> str:
    name = draw(st.from_regex(r"[a-z0-9][a-z0-9._]{0,12}[a-z0-9]", fullmatch=True))
    host = draw(st.sampled_from(["qq.com", "163.com", "fuzhou.gov.cn", "mail.example.org"]))
    return (name + draw(st.sampled_from(["@", "＠", " @ "])) + host).translate(
        draw(st.sampled_from([{}, FULL_WIDTH]))
    )


PERSONAL = {
    "phone": st.one_of(mobiles(), landlines()),
    "identity": identities(),
    "plate": plates(),
    "email": emails(),
}
WORDS = st.sampled_from(
    [
        *(
            "小区路灯坏了，",
            "请尽快处理。",
            "电话",
            "联系我：",
            "身份证号",
            "车牌号为",
            "邮箱：",
            "物业说",
        ),
        "",
        "\n",
        "！",
        "（",
        "、",
    ]
)


@pytest.mark.parametrize("kind", sorted(PERSONAL))
@settings(max_examples=200)
@given(data=st.data(), before=WORDS, after=WORDS)
def test_nothing_of_a_kind_is_left(kind: str, data: st.DataObject, before: str, after: str) -> None:
    masked = mask(before + data.draw(PERSONAL[kind]) + after)
    assert left(masked.text) == [], masked.text
    assert masked.hidden, masked.text


@pytest.mark.parametrize("script", SCRIPTS)
@settings(max_examples=100)
@given(parts=st.lists(st.one_of(WORDS, *PERSONAL.values()), max_size=8))
def test_nothing_is_left_in_traditional_script(script: str, parts: list[str]) -> None:
    _, masked = masked_in("，".join(parts), script)
    assert left(masked.text) == [], masked.text


@settings(max_examples=150)
@given(parts=st.lists(st.one_of(WORDS, *PERSONAL.values()), max_size=12))
def test_nothing_is_left_in_a_whole_text(parts: list[str]) -> None:
    masked = mask("，".join(parts))
    assert left(masked.text) == [], masked.text


@settings(max_examples=150)
@example(text="电话", parts=["12345678901", "-2000000"])
@given(text=st.text(max_size=200), parts=st.lists(st.one_of(WORDS, *PERSONAL.values()), max_size=4))
def test_a_masked_text_is_not_masked_further(text: str, parts: list[str]) -> None:
    """And where doubts are, they lie inside the text, in order, and do not overlap."""
    once = mask(text + "".join(parts))
    assert mask(once.text).text == once.text
    ends = [0]
    for doubt in once.doubts:
        assert ends[-1] <= doubt.start < doubt.end <= len(once.text)
        ends.append(doubt.end)


# --- one by one ----------------------------------------------------------------------------------


GIVES_WAY = [
    ("联系电话8765432，谢谢", "联系电话〔电话〕，谢谢"),
    ("请打138****5678", "请打〔电话〕"),
    ("电话138,1234,5678", "电话〔电话〕"),
    ("一13812345678", "一〔电话〕"),
    ("护照E12345678", "护照〔证件号〕"),
    ("卡号6222 0202 0000 0000 006", "卡号〔银行卡〕"),
    ("账户6222020200000000006", "账户〔银行卡〕"),
    ("受理单号35010220250303000112", "受理单号〔号码〕"),
    ("车牌D12345的车", "车牌〔车牌〕的车"),
    ("加微信：linmei_88", "加微信：〔账号〕"),
    ("QQ号 1234567", "QQ号 〔账号〕"),
    ("住3栋2单元501室", "住3栋〔门牌〕"),
    ("三栋二单元五〇一室漏水", "三栋〔门牌〕漏水"),
    ("8号楼1203漏水", "8号楼〔门牌〕漏水"),
    ("家住5-2-1101", "家住5-〔门牌〕"),
    ("前进村12号", "前进村〔门牌〕"),
    ("王先生来电", "某先生来电"),
    ("尊敬的李主任：", "尊敬的某主任："),
    ("林志明书记答复", "某书记答复"),
    ("欧阳女士反映", "某女士反映"),
    ("我叫陈小红，住本小区", "我叫〔姓名〕，住本小区"),
    ("联系人：郑阿妹", "联系人：〔姓名〕"),
    ("本人林志明，现年70岁", "本人〔姓名〕，现年70岁"),
    ("业主林志明说漏水", "业主〔姓名〕说漏水"),
    ("一位姓黄的租客", "一位姓某的租客"),
    ("我叫陈小红。陈小红的房子漏水", "我叫〔姓名〕。〔姓名〕的房子漏水"),
    ("刘主任不管，业主张伟明说漏水", "某主任不管，业主〔姓名〕说漏水"),
    ("电话：壹三八零零壹贰三肆伍六", "电话：〔电话〕"),
    ("粤B12345乱停", "〔车牌〕乱停"),
]


@pytest.mark.parametrize(("text", "shown"), GIVES_WAY)
def test_what_gives_way(text: str, shown: str) -> None:
    masked = mask(text)
    assert masked.text == shown
    assert masked.doubts == ()


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("text", "shown"), GIVES_WAY)
def test_the_same_gives_way_in_traditional_script(text: str, shown: str, script: str) -> None:
    written, masked = masked_in(text, script)
    hidden = re.compile("〔[^〕]+〕|某(?=先生|主任|书记|女士|的)")
    # What is shown instead of it is a word of ours; around it stands what was written.
    kept = [in_script(part, script) for part in hidden.split(shown)]
    assert re.compile(".+".join(map(re.escape, kept))).fullmatch(masked.text), masked.text
    assert masked.hidden == mask(text).hidden
    assert masked.doubts == ()
    assert len(written) == len(text)


STAYS = [
    "张某某与王某的纠纷已调解",
    "3栋2单元电梯坏了",
    "2019年11月22日10:30停水",
    "2019-11-22停电",
    "工程款12345678.50元",
    "投入8000万元，面积1234567平方米",
    "拨打12345或110",
    "由于主任不在，任何人都不理会",
    "提高老师待遇，支部书记已知",
    "2018-2019年度",
    "百姓的事，姓名已核实",
    "房价太高，205房产证未办",
    "中山路12号门前积水",
    "人民路28栋旁",
    "请安排人员处理，方便居民",
    "",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_stays(text: str) -> None:
    masked = mask(text)
    assert masked.text == text
    assert masked.doubts == ()


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("text", STAYS)
def test_the_same_stays_in_traditional_script(text: str, script: str) -> None:
    written, masked = masked_in(text, script)
    assert masked.text == written
    assert masked.doubts == ()


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("编号7654321的文件", "number", "7654321"),
        ("都向书记反映过", "name", "向"),
        ("我与林志明发生口角", "name", "林志明"),
        ("老张说没人管", "name", "老张"),
        ("牌子是楚A12345的车", "plate", "楚A12345"),
        ("阿依古丽·买买提的店", "name", "阿依古丽·买买提的店"),
    ],
)
def test_what_is_doubtful_stays_and_is_named(text: str, kind: str, what: str) -> None:
    masked = mask(text)
    assert masked.text == text
    assert [(d.kind, text[d.start : d.end]) for d in masked.doubts] == [(kind, what)]


def test_doubts_are_placed_in_the_masked_text() -> None:
    masked = mask("我叫陈小红，电话13812345678，编号7654321")
    (doubt,) = masked.doubts
    assert masked.text[doubt.start : doubt.end] == "7654321"
    assert masked.hidden == (("name", 1), ("phone", 1))


# --- real texts ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real messages (../shared/data) are not here")
def test_nothing_is_left_in_real_texts() -> None:
    """Prints figures and places in the files only, never the texts."""
    texts = [
        (name, number, row[column])
        for name in ("answered", "labelled", "supported")
        for number, row in enumerate(_rows(REAL / f"{name}.csv"))
        for column in ("subject", "body", "reply")
        if row.get(column)
    ]
    hidden: Counter[str] = Counter()
    doubtful = 0
    remaining = []
    for name, number, text in texts:
        masked = mask(text)
        hidden.update(dict(masked.hidden))
        doubtful += bool(masked.doubts)
        if kinds := left(masked.text):
            remaining.append((name, number, kinds))
    print(f"{len(texts)} texts; hidden {dict(hidden)}; {doubtful / len(texts):.1%} doubtful")
    assert remaining == []
    assert doubtful / len(texts) < 0.1, "a second look at every tenth text is too much to ask"


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real messages (../shared/data) are not here")
def test_real_texts_hide_as_much_in_traditional_script() -> None:
    """Word by word into traditional script: of each kind at least 97 in 100 are hidden still."""
    rows = _rows(REAL / "answered.csv")[:1200]
    plain: Counter[str] = Counter()
    converted: Counter[str] = Counter()
    remaining = []
    script = opencc.OpenCC("s2hk")
    for number, row in enumerate(rows):
        plain.update(dict(mask(row["body"]).hidden))
        masked = mask(script.convert(row["body"]), simplified)
        converted.update(dict(masked.hidden))
        if kinds := left(masked.text):
            remaining.append((number, kinds))
    print(f"{len(rows)} texts; hidden {dict(plain)}, in traditional script {dict(converted)}")
    assert remaining == []
    assert sum(plain.values()) > 300
    for kind, count in plain.items():
        assert converted[kind] >= 0.97 * count, kind


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
