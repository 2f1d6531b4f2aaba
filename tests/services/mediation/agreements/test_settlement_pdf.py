"""The printed settlement: the same bytes each time, its text read back, its square code decoded."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp

from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.agreements.agreement_events import Bound
from services.mediation.domain.agreements.document import document
from services.mediation.settlement_pdf import KINDS, Proof, settlement_pdf
from shared.contracts.mediation.disputes import DisputeKind
from tests.services.mediation.agreements.stories import NOW, PAYS, REMOVES

DIGEST = "0123456789abcdef" * 4
SIGNED = Proof(DIGEST, {"p1": NOW, "p2": NOW + timedelta(hours=9)}, True)


def written(*clauses: ClauseDraft, **rest: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "agreement": "d1.1",
        "version": 3,
        "dispute": "d1",
        "kind": DisputeKind.SHARED_SPACE,
        "drafted_at": NOW,
        "cooling_off_days": 0,
        "mediator": "chen",
        "parties": (Bound("p1", "a", "wang", None), Bound("p2", "b", None, "property")),
        "names": {"p1": "王芳"},
        "clauses": clauses or (REMOVES, PAYS),
        "open_points": (),
    }
    return document(**{**given, **rest})


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_it_says_what_was_agreed_in_chinese() -> None:
    text = text_of(settlement_pdf(written(), SIGNED))
    for part in (
        "调解协议书",
        "协议编号：d1.1",
        "第 3 稿",
        "公共空间纠纷",
        "p1（a 方）：王芳（wang）",
        "p2（b 方）：property",
        "1. 王芳：把走廊里的纸箱搬走，期限 2026年3月12日 09:00 前。",
        "2. p2：付一半的清洁费，支付人民币 120.00 元，期限 2026年3月22日 09:00 前。",
        "王芳：2026年3月2日 09:00 以一次性验证码签署",
        "p2：2026年3月2日 18:00 以一次性验证码签署",
        f"SHA-256：{DIGEST}",
    ):
        assert part in text, part
    assert "草案" not in text
    assert "未达成一致" not in text


def test_the_same_agreement_gives_the_same_bytes() -> None:
    first = settlement_pdf(written(), SIGNED)
    assert settlement_pdf(written(), SIGNED) == first
    assert settlement_pdf(written(names={}), SIGNED) != first


def test_the_font_is_embedded() -> None:
    content = settlement_pdf(written(), SIGNED)
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    fonts = [one.get_object() for one in page["/Resources"]["/Font"].values()]
    used = [one for one in fonts if "WenQuanYi" in str(one["/BaseFont"])]
    assert used
    for font in used:
        assert "/FontFile2" in font["/FontDescriptor"].get_object()


@pytest.mark.parametrize("pages", [1, 4])
def test_its_square_code_says_which_agreement_with_which_digest(pages: int) -> None:
    clauses = [ClauseDraft("p1", "搬走" * 400, NOW)] * (7 * (pages - 1)) or [REMOVES]
    content = settlement_pdf(written(*clauses), SIGNED)
    shown = pypdfium2.PdfDocument(content)
    assert len(shown) >= pages
    codes = [
        code.text
        for n in range(len(shown))
        for code in zxingcpp.read_barcodes(shown[n].render(scale=3).to_pil())
    ]
    assert codes == [f"urn:jinlin:settlement:d1.1:3:{DIGEST}"]


def test_a_draft_says_that_it_is_one_and_what_stays_open_is_named() -> None:
    unsigned = Proof(DIGEST, {"p1": NOW}, False)
    points = ("门口的鞋柜",)
    text = text_of(settlement_pdf(written(open_points=points, cooling_off_days=3), unsigned))
    assert "草案 尚未由各方签署" in text
    assert "p2：未签署" in text
    assert "1. 门口的鞋柜" in text
    assert "3 日的反悔期" in text


def test_nothing_is_left_out_and_nothing_is_markup() -> None:
    clause = ClauseDraft("p1", "付给<b>王䶮</b> & 赵𠮷", NOW)
    text = text_of(settlement_pdf(written(clause), SIGNED))
    assert "付给<b>王〓[U+4DAE]</b> & 赵〓[U+20BB7]" in text


def test_every_kind_has_a_name() -> None:
    assert KINDS.keys() == {kind.value for kind in DisputeKind}
