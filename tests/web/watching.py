"""A browser's page that is watched: what it complains of, and whom it asks."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

PHONE: ViewportSize = {"width": 375, "height": 720}
DESK: ViewportSize = {"width": 1280, "height": 800}
OWN_HOSTS = frozenset({"127.0.0.1", "localhost"})
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_axe = Axe()


@dataclass
class Watched:
    """Of one page: errors on its console and in its scripts, addresses beyond this machine."""

    page: Page
    errors: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in OWN_HOSTS:
            self.abroad.append(request.url)

    def forgive(self, status: int) -> None:
        """Takes out that a page came with this status, which the test wanted."""
        told = f"status of {status}"
        self.errors[:] = [error for error in self.errors if told not in error]

    def must_be_quiet(self) -> None:
        """Nothing went wrong, and no request left the machine."""
        assert self.errors == []
        assert self.abroad == []

    def must_be_accessible(self) -> None:
        """WCAG 2.2 AA as far as axe-core sees it; nothing is wider than the window."""
        found = _axe.run(self.page, options={"runOnly": {"type": "tag", "values": WCAG}})
        told = [
            (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in found.response["violations"]
        ]
        assert told == [], f"{self.page.url}: {told}"
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wider) <= 0, f"{self.page.url} is wider than the window"
