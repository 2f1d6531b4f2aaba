"""The settlement document to be printed (调解协议书): PDF with an embedded Chinese font.

The same agreement gives the same bytes wherever it is printed: no clock is asked, and the font
comes with the installation (WenQuanYi Micro Hei, Apache 2.0), so that none has to be there. Only
the characters that stand in the document are embedded. One that the font does not have is printed
as ``〓`` with its number: nothing is left out silently.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from shared.worktime.hours import CHINA

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

FONT = "WenQuanYiMicroHei"
KINDS = {
    "neighbours": "邻里纠纷",
    "property-company": "物业纠纷",
    "shared-space": "公共空间纠纷",
    "noise": "噪音纠纷",
    "water-leak": "漏水纠纷",
    "parking": "停车纠纷",
    "family": "家庭纠纷",
    "labour": "劳动纠纷",
    "medical": "医疗纠纷",
    "consumer": "消费纠纷",
    "other": "其他纠纷",
}
QR_MILLIMETRES = 34.0

_LEVEL = "m"
"""How much of the code may be unreadable: 15 percent."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a settlement: the digest of its canonical form, and when which party signed."""

    digest: str
    signed: Mapping[str, datetime]
    whole: bool
    """Whether every party has."""


def qr_text(document: Mapping[str, Any], digest: str) -> str:
    """What the square code says: which agreement in which version, and its digest."""
    return f"urn:jinlin:settlement:{document['agreement']}:{document['version']}:{digest}"


def settlement_pdf(document: Mapping[str, Any], proof: Proof) -> bytes:
    """The document in print. Takes a tenth of a second: call it in a thread, one at a time."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _register()
    out = BytesIO()
    pages = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title="调解协议书",
        author="Jinlin",
        subject=document["agreement"],
        invariant=1,
    )

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(FONT, 7)
        canvas.drawString(22 * mm, 11 * mm, f"SHA-256 {proof.digest}")
        canvas.drawRightString(A4[0] - 22 * mm, 11 * mm, f"第 {page.page} 页")

    pages.build(_story(document, proof), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(document: Mapping[str, Any], proof: Proof) -> list["Flowable"]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer

    story: list[Flowable] = [_text("调解协议书", 20, centred=True), Spacer(1, 4 * mm)]
    if not proof.whole:
        story += [_text("草案 尚未由各方签署", 11, centred=True), Spacer(1, 3 * mm)]
    story += [
        _text(f"协议编号：{document['agreement']}　第 {document['version']} 稿"),
        _text(f"纠纷编号：{document['dispute']}　{KINDS[document['kind']]}"),
        _text(f"起草时间：{_at(document['drafted_at'])}"),
        _text(f"调解员：{document['mediator'] or '无'}"),
        _heading("一、当事人"),
        *(_text(_party(one)) for one in document["parties"]),
        _heading("二、协议内容"),
        *(_text(_clause(one, document)) for one in document["clauses"]),
    ]
    if document["open_points"]:
        points = enumerate(document["open_points"], start=1)
        story += [
            _heading("三、未达成一致的事项"),
            *(_text(f"{n}. {point}") for n, point in points),
        ]
    if masked := document.get("masked"):
        parties = "、".join(masked)
        story.append(
            _text(
                f"当事人 {parties} 的个人信息已依法删除，本文本以“某某”代替其姓名。"
                "下列摘要是签署时原文的摘要，与本文本不再一致。",
                9,
            )
        )
    days = document["cooling_off_days"]
    story += [
        _heading("签署"),
        *(_text(_signature(one, proof)) for one in document["parties"]),
        _text(f"全部签署后有 {days} 日的反悔期。" if days else "全部签署后即时生效。"),
        _heading("存证信息"),
        _text(f"规范文本（RFC 8785）的 SHA-256：{proof.digest}", 8),
        _text(
            "扫描二维码得到协议编号、稿次和上述摘要；以 "
            f"/public/agreements/{document['agreement']}?digest={proof.digest} 查询其状态。",
            8,
        ),
        Spacer(1, 2 * mm),
        _square(qr_text(document, proof.digest)),
    ]
    return story


def _party(one: Mapping[str, Any]) -> str:
    who = one["name"] or one["subject"] or one["organisation"] or "（已注销）"
    ids = " ".join(part for part in (one["subject"], one["organisation"]) if part)
    named = f"{who}（{ids}）" if one["name"] and ids else who
    return f"{one['party']}（{one['side']} 方）：{named}"


def _clause(one: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    names = {each["party"]: each["name"] for each in document["parties"]}
    who = names[one["party"]] or one["party"]
    paid = "" if one["cents"] is None else f"，支付人民币 {one['cents'] / 100:,.2f} 元"
    return f"{one['clause']}. {who}：{one['what']}{paid}，期限 {_at(one['until'])} 前。"


def _signature(one: Mapping[str, Any], proof: Proof) -> str:
    who = one["name"] or one["party"]
    at = proof.signed.get(one["party"])
    if at is None:
        return f"{who}：未签署"
    return f"{who}：{_at(at.isoformat())} 以一次性验证码签署"


def _at(moment: str) -> str:
    local = datetime.fromisoformat(moment).astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _heading(text: str) -> "Flowable":
    return _text(text, 13, before=10)


def _text(text: str, size: float = 10.5, centred: bool = False, before: float = 2) -> "Flowable":
    from reportlab.lib.enums import TA_CENTER, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "settlement",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.55,
        spaceBefore=before,
        wordWrap="CJK",
        alignment=TA_CENTER if centred else TA_LEFT,
    )
    return Paragraph(escape(_printable(text)).replace("\n", "<br/>"), style)


def _square(text: str) -> "Flowable":
    import segno
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.units import mm

    matrix = [bytes(row) for row in segno.make(text, error=_LEVEL, micro=False).matrix]
    size = QR_MILLIMETRES * mm
    module = size / (len(matrix) + 8)  # four modules of white on each side
    drawing = Drawing(size, size)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                left, low = (x + 4) * module, size - (y + 5) * module
                drawing.add(Rect(left, low, module, module, strokeWidth=0, strokeColor=None))
    return drawing


def _printable(text: str) -> str:
    """The text with characters that the font has."""
    glyphs = _register()
    return "".join(
        one if one == "\n" or ord(one) in glyphs else f"〓[U+{ord(one):04X}]" for one in text
    )


@cache
def _register() -> Mapping[int, int]:
    """Makes the font known, once in a process; the glyphs that it has, by character."""
    import paperang_p2_fonts_cjk
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    file = Path(paperang_p2_fonts_cjk.__file__).parent / "fonts" / "wqy-microhei.ttc"
    font = TTFont(FONT, str(file), subfontIndex=0)
    pdfmetrics.registerFont(font)
    glyphs: Mapping[int, int] = font.face.charToGlyph
    return glyphs
