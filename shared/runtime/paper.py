"""Documents to be printed: PDF with an embedded Chinese font.

The same text gives the same bytes wherever it is printed: no clock is asked, and the font comes
with the installation (WenQuanYi Micro Hei, Apache 2.0), so that none has to be there. Only the
characters that stand in the document are embedded. One that the font does not have is printed as
``〓`` with its number: nothing is left out silently.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

FONT = "WenQuanYiMicroHei"
SIDE, TOP, FOOT = 22, 20, 11
"""Millimetres of margins, and of where the foot stands."""


def printed(story: "Sequence[Flowable]", *, title: str, subject: str, foot: str) -> bytes:
    """The document, on A4, with a foot on each page. Takes a tenth of a second: call it in a
    thread, one at a time.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    register()
    out = BytesIO()
    pages = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=SIDE * mm,
        rightMargin=SIDE * mm,
        topMargin=TOP * mm,
        bottomMargin=TOP * mm,
        title=title,
        author="Jinlin",
        subject=subject,
        invariant=1,
    )

    def below(canvas: Any, page: Any) -> None:
        canvas.setFont(FONT, 7)
        canvas.drawString(SIDE * mm, FOOT * mm, printable(foot))
        canvas.drawRightString(A4[0] - SIDE * mm, FOOT * mm, f"第 {page.page} 页")

    pages.build(list(story), onFirstPage=below, onLaterPages=below)
    return out.getvalue()


def heading(words: str) -> "Flowable":
    """What a part is called."""
    return text(words, 13, before=10)


def text(words: str, size: float = 10.5, centred: bool = False, before: float = 2) -> "Flowable":
    """A paragraph; markup in it is words."""
    from reportlab.lib.enums import TA_CENTER, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "words",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.55,
        spaceBefore=before,
        wordWrap="CJK",
        alignment=TA_CENTER if centred else TA_LEFT,
    )
    return Paragraph(escape(printable(words)).replace("\n", "<br/>"), style)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], first: float) -> "Flowable":
    """A table whose first column is `first` millimetres wide; the others share the rest."""
    from reportlab.lib import colors
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    others = (210 - 2 * SIDE - first) / max(1, len(head) - 1)
    cells = [[text(one, 9, before=0) for one in row] for row in (head, *rows)]
    made = Table(cells, [first * mm, *[others * mm] * (len(head) - 1)], repeatRows=1)
    made.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, colors.black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return made


def printable(words: str) -> str:
    """The text with characters that the font has."""
    glyphs = register()
    return "".join(
        one if one == "\n" or ord(one) in glyphs else f"〓[U+{ord(one):04X}]" for one in words
    )


@cache
def register() -> Mapping[int, int]:
    """Makes the font known, once in a process; the glyphs that it has, by character."""
    import paperang_p2_fonts_cjk
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    file = Path(paperang_p2_fonts_cjk.__file__).parent / "fonts" / "wqy-microhei.ttc"
    font = TTFont(FONT, str(file), subfontIndex=0)
    pdfmetrics.registerFont(font)
    glyphs: Mapping[int, int] = font.face.charToGlyph
    return glyphs
