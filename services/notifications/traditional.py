"""Writes the templates in traditional characters from those in simplified ones:
``python -m services.notifications.traditional``, whenever the latter were changed.

OpenCC converts characters as they are written in Taiwan. Its conversion of phrases is not used: it
takes words of the field for words of computing (社區 becomes an online community, 審核 an audit).
What a reader there would say otherwise stands in `SAID_OTHERWISE`, which was read through.
"""

from pathlib import Path

import opencc

TEMPLATES = Path(__file__).with_name("templates")
SIMPLIFIED, TRADITIONAL = TEMPLATES / "zh-Hans.yaml", TEMPLATES / "zh-Hant.yaml"

SAID_OTHERWISE = {
    "個人信息": "個人資料",
    "信息": "資訊",
    "打開": "開啟",
    "聯繫": "聯絡",
    "賬號": "帳號",
    "短信": "簡訊",
    "郵箱": "信箱",
    "收件箱": "收件匣",
    "漏籤": "漏簽",
    "公佈": "公布",
    "發佈": "發布",
    "回復；": "回覆；",
    "計劃": "計畫",
    "“": "「",
    "”": "」",
}
"""After the conversion, the longer before the shorter."""


def traditional(text: str) -> str:
    """The text in traditional characters, in words that are used there."""
    converted: str = opencc.OpenCC("s2tw").convert(text)
    for said, otherwise in SAID_OTHERWISE.items():
        converted = converted.replace(said, otherwise)
    return converted


if __name__ == "__main__":
    TRADITIONAL.write_text(
        traditional(SIMPLIFIED.read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
    )
