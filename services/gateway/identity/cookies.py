"""Cookies of the door: how they are called, marked, and cut where they are too long for one."""

from collections.abc import Mapping

from starlette.requests import Request

from services.gateway.doorway import answer_also
from services.gateway.settings import GatewaySettings

SESSION = "jinlin-session"
SIGNING_IN = "jinlin-signing-in"
LONGEST_PART = 3_800
"""Characters of one cookie's value: browsers take 4,096 bytes with its name and marks."""
MOST_PARTS = 8


class Cookies:
    """The cookies of one door: all HttpOnly, SameSite=Lax, for this host and every path.

    Where browsers come by https they are Secure, and carry the prefix ``__Host-``: no other host of
    the domain, and nobody on an unencrypted line, can plant one.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self._secure = settings.production or settings.public_url.startswith("https://")
        prefix = "__Host-" if self._secure else ""
        self.session = prefix + SESSION
        self._signing_in = prefix + SIGNING_IN

    def signing_in(self, state: str) -> str:
        """The name of the cookie that belongs to one sign-in under way: several tabs may each have
        one.
        """
        return f"{self._signing_in}-{state[:8]}"

    def under_way(self, request: Request) -> list[str]:
        """The names of the cookies of all sign-ins under way."""
        return [name for name in request.cookies if name.startswith(f"{self._signing_in}-")]

    def give(self, request: Request, name: str, value: str, seconds: int | None = None) -> None:
        """Sets a cookie with the answer to this request; without `seconds` for as long as the
        browser is open.
        """
        marks = "; Path=/; HttpOnly; SameSite=Lax"
        if self._secure:
            marks += "; Secure"
        if seconds is not None:
            marks += f"; Max-Age={seconds}"
        answer_also(request, "set-cookie", f"{name}={value}{marks}")

    def take_back(self, request: Request, name: str) -> None:
        """Removes a cookie from the browser."""
        self.give(request, name, "", seconds=0)

    def give_session(self, request: Request, text: str) -> None:
        """Sets the session's cookie, or its cookies: the first says how many there are."""
        size = LONGEST_PART
        parts = [text[start : start + size] for start in range(0, len(text), size)]
        for name, part in zip(self._names(len(parts)), parts, strict=True):
            first = name == self.session
            self.give(request, name, f"{len(parts)}~{part}" if first else part)
        self._take_back_parts(request, beyond=len(parts))

    def session_in(self, cookies: Mapping[str, str]) -> str | None:
        """What the session's cookies hold, put together; None where there is none."""
        count, _, first = cookies.get(self.session, "").partition("~")
        if not count.isdecimal() or not 1 <= int(count) <= MOST_PARTS:
            return None
        rest = [cookies.get(name, "") for name in self._names(int(count))[1:]]
        return "".join([first, *rest])

    def take_back_session(self, request: Request) -> None:
        """Removes the session's cookies from the browser."""
        self._take_back_parts(request, beyond=0)

    def _take_back_parts(self, request: Request, beyond: int) -> None:
        for name in self._names(MOST_PARTS)[beyond:]:
            if name in request.cookies:
                self.take_back(request, name)

    def _names(self, count: int) -> list[str]:
        return [self.session, *(f"{self.session}-{part}" for part in range(1, count))]
