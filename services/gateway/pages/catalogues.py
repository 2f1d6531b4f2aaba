"""Brings the catalogues up to what code and templates say: ``python -m
services.gateway.pages.catalogues``.

English is written by hand into ``locale/en``; what is missing there is listed. The texts in
traditional characters are made from those in simplified ones by OpenCC, with what a reader there
would say otherwise. Each part of the pages has a file of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import opencc
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from services.gateway.pages.languages import LOCALE, read_catalogues

PAGES = Path(__file__).parent
PARTS = ("open", "resident", "staff")
"""Folders with texts of their own; all others stand in ``site``."""
SITE = "site"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "marked": None,
    "marked_count": (1, 1),
    "counted": (1, 1),
}
ENGLISH = LOCALE / "en/LC_MESSAGES"
TRADITIONAL = LOCALE / "zh_Hant/LC_MESSAGES"

SAID_OTHERWISE = {
    "個人信息": "個人資料",
    "信息": "資訊",
    "打開": "開啟",
    "打不開": "無法開啟",
    "聯繫": "聯絡",
    "聯名": "連署",
    "賬號": "帳號",
    "短信": "簡訊",
    "郵箱": "信箱",
    "網絡": "網路",
    "登錄": "登入",
    "退出": "登出",
    "默認": "預設",
    "文件": "檔案",
    "字號": "字級",
    "鏈接": "連結",
    "點擊": "點選",
    "屏幕": "螢幕",
    "計劃": "計畫",
    "核驗": "驗證",
    "質量": "品質",
    "“": "「",
    "”": "」",
}
"""After the conversion, the longer before the shorter."""


def traditional(text: str) -> str:
    """The text in traditional characters, in words that are used there."""
    converted: str = _characters().convert(text)
    for said, otherwise in SAID_OTHERWISE.items():
        converted = converted.replace(said, otherwise)
    return converted


@cache
def _characters() -> Any:
    return opencc.OpenCC("s2tw")


def said() -> dict[str, tuple[str, bool]]:
    """Every text of code and templates, with the part it belongs to and whether it counts."""
    found: dict[str, tuple[str, bool]] = {}
    for part, text, counts in sorted(_extracted(), key=lambda one: (one[0] != SITE, one[0])):
        before = found.get(text)
        found[text] = (part, counts) if before is None else (before[0], before[1] or counts)
    return found


def _extracted() -> Iterator[tuple[str, str, bool]]:
    found = extract_from_dir(
        PAGES, METHODS, OPTIONS, keywords=dict(KEYWORDS), comment_tags=(), strip_comment_tags=False
    )
    for file, _line, message, _comments, _context in found:
        folders = Path(file).parts[:-1]
        named = folders[1:] if folders[:1] == ("templates",) else folders
        part = named[0] if named and named[0] in PARTS else SITE
        text = message if isinstance(message, str) else message[0]
        yield part, text, not isinstance(message, str)


def english() -> dict[str, tuple[str, ...]]:
    """What the texts are in English, as far as that is written."""
    return read_catalogues(ENGLISH)


def in_traditional(text: str, counts: bool) -> tuple[str, ...]:
    """What a text is in traditional characters, as the catalogue has it."""
    return (traditional(text),) if not counts else (traditional(text),) * 2


def write() -> list[str]:
    """Writes all catalogues; gives the texts that have no English."""
    texts, known = said(), english()
    parts: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for text, (part, counts) in texts.items():
        parts[part][text] = counts
    for folder in (ENGLISH, TRADITIONAL):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in {file.stem for file in folder.glob("*.po")} - parts.keys():
            (folder / f"{stale}.po").unlink()
    for part, own in parts.items():
        told = {
            text: known.get(text, ("", "") if counts else ("",)) for text, counts in own.items()
        }
        _write(ENGLISH / f"{part}.po", own, told)
        turned = {text: in_traditional(text, counts) for text, counts in own.items()}
        _write(TRADITIONAL / f"{part}.po", own, turned)
    return sorted(text for text in texts if not all(known.get(text, ("",))))


def _write(file: Path, own: Mapping[str, bool], told: Mapping[str, tuple[str, ...]]) -> None:
    catalogue = Catalog(fuzzy=False)
    for text, counts in own.items():
        if counts:
            forms = told[text] if len(told[text]) == 2 else told[text] * 2
            catalogue.add((text, text), forms)
        else:
            catalogue.add(text, told[text][0])
    with file.open("wb") as out:
        write_po(out, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)


if __name__ == "__main__":
    missing = write()
    for one in missing:
        print(one)
    print(f"{len(missing)} texts have no English")
