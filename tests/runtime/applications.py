"""A service's web application for one test after the other: to build one takes longer than most
tests do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from fastapi import FastAPI
from starlette.datastructures import State

from shared.runtime.identity import Verifier
from shared.runtime.running import Running
from shared.runtime.service import Service
from tests.runtime.lamp_service import settings

_free: WeakKeyDictionary[Service, list[FastAPI]] = WeakKeyDictionary()


@contextmanager
def application(service: Service, running: Running, verifier: Verifier) -> Iterator[FastAPI]:
    """As the service makes it, with these parts behind it and nothing left of another test.
    Whoever asks meanwhile is given another one.
    """
    free = _free.setdefault(service, [])
    app = free.pop() if free else service.app(settings(), None, verifier)
    door = app.state.door
    app.state = State({"door": door})
    door.parts, door.verifier = running, verifier
    try:
        yield app
    finally:
        free.append(app)
