"""Somebody of the staff at a browser: signed in at the development issuer as people do it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.e2e.town import COMMUNITY, HOLDERS, HOME, ROLES, Town

CHROMIUM = shutil.which("chromium")
PHONE, DESK = (375, 800), (1280, 900)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class Desks:
    """Pages that somebody is signed in to; `faults` are what browsers complained of."""

    chromium: Browser
    town: Town
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def door(self) -> str:
        """The gateway, as browsers know it."""
        return f"http://localhost:{self.town.services['gateway'].port}"

    def of_holder(self, place: str = HOME, **how: Any) -> Page:
        """Who has the duty `petitions` at a place."""
        return self.open(HOLDERS[place], (ROLES[place],), (place,), **how)

    def of_clerk(self, **how: Any) -> Page:
        """The hotline desk."""
        return self.open("clerk-1", ("intake",), (), **how)

    def of_secretary(self, **how: Any) -> Page:
        """Staff of the community, who hold no post."""
        return self.open("secretary-1", ("community-staff",), (COMMUNITY,), **how)

    def open(
        self,
        sub: str,
        roles: tuple[str, ...],
        places: tuple[str, ...],
        *,
        size: tuple[int, int] = DESK,
        script: bool = True,
        language: str = "zh-CN",
        org: str = "",
    ) -> Page:
        """A page on which somebody is signed in, at what they get first."""
        context = self.chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            locale=language,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._complains)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._asks)
        page.goto(f"{self.door}/login?next=/work")
        form = page.locator("form").last
        form.locator("[name=sub]").fill(sub)
        form.locator("[name=name]").fill(sub)
        form.locator("[name=roles]").fill(",".join(roles))
        form.locator("[name=places]").fill(",".join(places))
        form.locator("[name=org]").fill(org)
        form.locator("button").last.click()
        page.wait_for_url(f"{self.door}/work**")
        return page

    def forgive(self, status: str) -> None:
        """Takes out that a page came with this status, which the test wanted."""
        self.faults[:] = [one for one in self.faults if f"status of {status}" not in one]

    def close(self) -> None:
        """Closes all; raises AssertionError where something was wrong on one of them."""
        for context in self.contexts:
            context.close()
        assert self.faults == []

    def _complains(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _asks(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", "127.0.0.1", None):
            self.faults.append(f"left the machine for {request.url}")


def alt(page: Page, letter: str) -> None:
    """Presses Alt with a letter as a keyboard does: what Playwright sends tells the letter only
    with Alt, and Chromium looks for access keys by the letter without.
    """
    key = {"key": letter, "windowsVirtualKeyCode": ord(letter.upper()), "modifiers": 1}
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": letter, **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    keyboard.detach()


def barriers(page: Page) -> list[str]:
    """What axe-core finds on the page, with all that is folded away unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def overflows(page: Page) -> bool:
    """Whether it is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
