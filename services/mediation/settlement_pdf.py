"""The settlement document to be printed (调解协议书). How it is printed: `shared.runtime.paper`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.runtime.paper import heading, printed, text
from shared.worktime.hours import CHINA

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

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
    return printed(
        _story(document, proof),
        title="调解协议书",
        subject=document["agreement"],
        foot=f"SHA-256 {proof.digest}",
    )


def _story(document: Mapping[str, Any], proof: Proof) -> list["Flowable"]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer

    story: list[Flowable] = [text("调解协议书", 20, centred=True), Spacer(1, 4 * mm)]
    if not proof.whole:
        story += [text("草案 尚未由各方签署", 11, centred=True), Spacer(1, 3 * mm)]
    story += [
        text(f"协议编号：{document['agreement']}　第 {document['version']} 稿"),
        text(f"纠纷编号：{document['dispute']}　{KINDS[document['kind']]}"),
        text(f"起草时间：{_at(document['drafted_at'])}"),
        text(f"调解员：{document['mediator'] or '无'}"),
        heading("一、当事人"),
        *(text(_party(one)) for one in document["parties"]),
        heading("二、协议内容"),
        *(text(_clause(one, document)) for one in document["clauses"]),
    ]
    if document["open_points"]:
        points = enumerate(document["open_points"], start=1)
        story += [
            heading("三、未达成一致的事项"),
            *(text(f"{n}. {point}") for n, point in points),
        ]
    if masked := document.get("masked"):
        parties = "、".join(masked)
        story.append(
            text(
                f"当事人 {parties} 的个人信息已依法删除，本文本以“某某”代替其姓名。"
                "下列摘要是签署时原文的摘要，与本文本不再一致。",
                9,
            )
        )
    days = document["cooling_off_days"]
    story += [
        heading("签署"),
        *(text(_signature(one, proof)) for one in document["parties"]),
        text(f"全部签署后有 {days} 日的反悔期。" if days else "全部签署后即时生效。"),
        heading("存证信息"),
        text(f"规范文本（RFC 8785）的 SHA-256：{proof.digest}", 8),
        text(
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
