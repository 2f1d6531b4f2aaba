"""Real browsers: before pages on services that say what a test wants, and before the whole town."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from starlette.types import ASGIApp

from deploy.local.processes import WebProcess, free_port, service
from tests.e2e.conftest import town
from tests.e2e.town import Town
from tests.services.gateway.serving import served
from tests.web.desks import Desks
from tests.web.watching import PHONE, Watched

__all__ = ["town"]

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser that all tests of pages share; each has pages of its own."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    # No longer than this package: Playwright's loop is the running one of this thread meanwhile,
    # where other tests want their own.
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens a watched page; ``look(viewport=DESK, java_script_enabled=False)``."""
    with ExitStack() as opened:

        def new(**options: Any) -> Watched:
            context = chromium.new_context(**{"viewport": PHONE, "locale": "zh-CN", **options})
            opened.callback(context.close)
            return Watched(context.new_page())

        yield new


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """An application on a port of its own, in a thread of its own; its address."""
    ready: threading.Event = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        stop = asyncio.Event()
        async with served(app) as port:
            found.update(port=port, stop=stop, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30), "nothing is served"
    try:
        yield f"http://127.0.0.1:{found['port']}"
    finally:
        found["loop"].call_soon_threadsafe(found["stop"].set)
        thread.join(30)


@pytest.fixture(scope="package")
def door(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """A gateway that browsers know by its own address."""
    port = free_port()
    log: Path = tmp_path_factory.mktemp("door") / "gateway.log"
    env = town.settings("gateway") | {"JINLIN_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    process = service("gateway", port=port, log=log, env=env)
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.kill()


@pytest.fixture
def desks(chromium: Browser, door: WebProcess) -> Iterator[Desks]:
    """Opens desks of the staff; closes them, and fails where something was wrong on one."""
    found = Desks(chromium, door)
    yield found
    found.close()
