"""Somebody of the staff at a browser: signed in at the development issuer as people do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from deploy.local.processes import WebProcess
from tests.e2e.town import COMMUNITY, HOLDERS, HOME, ROLES
from tests.web.watching import DESK, Watched


@dataclass
class Desks:
    """Pages that somebody is signed in to, each watched."""

    chromium: Browser
    gateway: WebProcess
    watched: list[Watched] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def door(self) -> str:
        """The gateway, as browsers know it."""
        return self.gateway.url

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
        size: ViewportSize = DESK,
        script: bool = True,
        language: str = "zh-CN",
        org: str = "",
    ) -> Page:
        """A page on which somebody is signed in, at what they get first."""
        context = self.chromium.new_context(
            viewport=size,
            java_script_enabled=script,
            locale=language,
        )
        self.contexts.append(context)
        page = context.new_page()
        self.watched.append(Watched(page))
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
        for one in self.watched:
            one.forgive(int(status))

    def close(self) -> None:
        """Closes all; raises AssertionError where something was wrong on one of them."""
        for context in self.contexts:
            context.close()
        for one in self.watched:
            one.must_be_quiet()


def unfolded(page: Page) -> Watched:
    """The page with all that is folded away in sight, to be looked at for barriers."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return Watched(page)


def alt(page: Page, letter: str) -> None:
    """Presses Alt with a letter as a keyboard does: what Playwright sends tells the letter only
    with Alt, and Chromium looks for access keys by the letter without.
    """
    key = {"key": letter, "windowsVirtualKeyCode": ord(letter.upper()), "modifiers": 1}
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": letter, **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    keyboard.detach()
