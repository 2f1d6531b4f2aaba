"""Pictures of the main pages, made on the demo's town by a real browser: ``make screenshots``.

Each is of somebody of the day, at a path of the gateway; where `follows` is given, of what the
first such link of that page leads to.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from deploy.demo.day import Person, load_day
from deploy.local.layout import ROOT, LocalError
from deploy.local.stack import public_url

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 160
"""As many as a picture keeps: it is of flat areas, and stays small."""
MOST_BYTES = 200_000
"""Of one picture."""
HIGHEST = 1_600
"""Pixels of height: what comes below is cut off."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose page, on what, and what it shows, in the words of docs/screenshots."""

    name: str
    who: str
    path: str
    words: str
    phone: bool = False
    follows: str = ""


SHOTS = (
    Shot("resident-home", "lin", "/", "首页 · a resident's home page", phone=True),
    Shot("resident-filing", "lin", "/petitions/new", "提交诉求 · filing a petition", phone=True),
    Shot(
        "resident-petition",
        "he",
        "/petitions",
        "诉求进度 · who has it, and how long is left",
        phone=True,
        follows="main .card-title a",
    ),
    Shot("resident-board", "lin", "/board", "公示栏 · the board of the neighbourhood", phone=True),
    Shot("resident-help", "lin", "/activities", "互助 · activities to sign up for", phone=True),
    Shot("staff-queue", "desk", "/work?which=all", "办件 · the work queue by time left"),
    Shot(
        "staff-case",
        "desk",
        "/work?which=all",
        "诉求办理 · a case with exactly what can be done",
        follows="main .card-title a",
    ),
    Shot("staff-dispatch", "desk", "/work/orders?part=over", "派单 · the dispatch board"),
    Shot(
        "staff-mediation",
        "desk",
        "/work/disputes?status=ended",
        "调解 · the mediation room",
        follows="main .card-title a",
    ),
    Shot("leader-figures", "street-director", "/work/statistics", "统计 · a street in figures"),
)


def main() -> int:
    """Takes all of them; 0 where all are there and small enough."""
    try:
        take(print)
    except LocalError as error:
        print(f"screenshots: {error}", file=sys.stderr)
        return 1
    return 0


def take(say: Callable[[str], None]) -> None:
    """All pictures, in `FOLDER`. Raises LocalError where there is no browser, or a page that is
    not as it should be.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        raise LocalError("there is no chromium: apt-get install chromium fonts-noto-cjk")
    people = load_day().people
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            for shot in SHOTS:
                file = FOLDER / f"{shot.name}.png"
                file.write_bytes(small(_taken(browser, shot, people[shot.who])))
                size = file.stat().st_size
                if size > MOST_BYTES:
                    raise LocalError(f"{file.name} has {size} bytes, more than {MOST_BYTES}")
                say(f"{file.relative_to(ROOT)}  {size // 1000} kB  {shot.words}")
        finally:
            browser.close()


def _taken(browser: Browser, shot: Shot, person: Person) -> bytes:
    size: ViewportSize = (
        {"width": 390, "height": 844} if shot.phone else {"width": 1280, "height": 860}
    )
    context = browser.new_context(viewport=size, locale="zh-CN")
    try:
        page = context.new_page()
        page.goto(f"{public_url()}/login?next=/me")
        form = page.locator("form").last
        places = person.places or ((person.home,) if person.home else ())
        for name, value in (
            ("sub", person.sub),
            ("name", person.name),
            ("roles", ",".join(person.roles)),
            ("places", ",".join(places)),
            ("org", person.org or ""),
        ):
            form.locator(f"[name={name}]").fill(value)
        form.locator("button").last.click()
        page.wait_for_url(f"{public_url()}/me")
        answer = page.goto(public_url() + shot.path)
        if shot.follows and answer is not None and answer.ok:
            link = page.locator(shot.follows).first
            if link.count() == 0:
                raise LocalError(
                    f"{shot.path} shows nothing to open for {shot.name}: play the demo"
                )
            answer = page.goto(public_url() + str(link.get_attribute("href")))
        if answer is None or not answer.ok:
            raise LocalError(f"{page.url} cannot be shown for {shot.name}")
        height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        return page.screenshot()
    finally:
        context.close()


def small(picture: bytes) -> bytes:
    """The same with fewer colours."""
    out = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
