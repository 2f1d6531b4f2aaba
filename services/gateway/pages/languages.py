"""The languages of the pages: which one a request wants, and the texts in it.

Texts stand in the code and in the templates in simplified Chinese. The catalogues under ``locale``
(gettext's, one file for each part of the pages) have them in traditional characters and in English.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po
from starlette.requests import Request

LOCALE = Path(__file__).with_name("locale")
COOKIE = "jinlin-language"


class Tongue(StrEnum):
    """A language that pages are shown in, as BCP 47 has it."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"
    ENGLISH = "en"


NAMES: Final = {Tongue.HANS: "简体中文", Tongue.HANT: "繁體中文", Tongue.ENGLISH: "English"}
"""What each language calls itself."""
FOLDERS: Final = {Tongue.HANT: "zh_Hant", Tongue.ENGLISH: "en"}
LOCALES: Final = {Tongue.HANS: "zh_Hans_CN", Tongue.HANT: "zh_Hant_TW", Tongue.ENGLISH: "en"}
"""How numbers and dates are written (CLDR)."""
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def marked(text: str) -> str:
    """The text itself: marks a text that is shown later, in whatever language that is then."""
    return text


def marked_count(text: str) -> str:
    """The same of a text about a number of things (`Texts.counted`)."""
    return text


class Texts:
    """The texts of one language."""

    def __init__(self, tongue: Tongue, messages: Mapping[str, tuple[str, ...]]) -> None:
        """`messages` has by each Chinese text what it is called: twice where one and many
        differ.
        """
        self.tongue = tongue
        self.locale = LOCALES[tongue]
        self._messages = messages

    def gettext(self, text: str) -> str:
        """The text in this language; as it stands where the catalogue does not have it."""
        found = self._messages.get(text)
        return found[0] if found and found[0] else text

    def counted(self, text: str, num: int) -> str:
        """A text about `num` of something, which stands in it as ``%(num)s``."""
        found = self._messages.get(text)
        if not found or not found[0]:
            return text % {"num": num}
        return found[0 if num == 1 or len(found) == 1 else 1] % {"num": num}

    def ngettext(self, one: str, many: str, num: int) -> str:
        """As gettext has it, for templates."""
        found = self._messages.get(one)
        if not found or not found[0]:
            return one if num == 1 else many
        return found[0 if num == 1 or len(found) == 1 else 1]

    def __contains__(self, text: str) -> bool:
        """Whether the catalogue has it."""
        return text in self._messages


@cache
def texts(tongue: Tongue) -> Texts:
    """The texts of a language, read once."""
    if tongue is Tongue.HANS:
        return Texts(tongue, {})
    return Texts(tongue, read_catalogues(LOCALE / FOLDERS[tongue] / "LC_MESSAGES"))


def read_catalogues(folder: Path) -> dict[str, tuple[str, ...]]:
    """All texts of a folder's catalogues, by the Chinese one."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened):
                said: Any = message.id
                if not said:
                    continue
                key = said if isinstance(said, str) else said[0]
                told: Any = message.string
                found[key] = (told,) if isinstance(told, str) else tuple(told)
    return found


def is_ours(text: str) -> bool:
    """Whether it is one of the texts of the pages: nothing else is shown that a cookie says."""
    return text in texts(Tongue.ENGLISH)


def tongue_of(request: Request, preferred: str | None) -> Tongue:
    """The language to answer in: chosen on this device, else `preferred` (by whoever is signed in),
    else what the browser asks for, else Chinese.
    """
    for named in (request.cookies.get(COOKIE), preferred):
        if named in set(Tongue):
            return Tongue(named)
    return asked_for(request.headers.get("accept-language", ""))


def asked_for(accept_language: str) -> Tongue:
    """The language that an Accept-Language header likes best among ours."""
    best, most = Tongue.HANS, 0.0
    for part in accept_language.lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        found = _tongue(tag.strip())
        if found is None:
            continue
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            continue
        if liked > most:
            best, most = found, liked
    return best


def _tongue(tag: str) -> Tongue | None:
    if tag.startswith(_TRADITIONAL):
        return Tongue.HANT
    primary = tag.partition("-")[0]
    return {"zh": Tongue.HANS, "en": Tongue.ENGLISH}.get(primary)
