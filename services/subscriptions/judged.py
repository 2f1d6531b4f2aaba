"""Which public events leave the city's own services by the feed, and with it by webhooks.

Each was judged by hand, in ``fed.yaml``; one that was not stays inside.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.contracts.envelope import event_class
from shared.contracts.event import Event
from shared.runtime.yaml_text import read_yaml

FILE = Path(__file__).with_name("fed.yaml")


_JUDGED: dict[str, Any] = read_yaml(FILE.read_text(encoding="utf-8"))


def _class(short: str) -> type[Event]:
    cls = event_class(f"cn.jinlin.{short}")
    if cls is None:
        raise ValueError(f"{FILE}: there is no event {short}")
    return cls


FED: tuple[type[Event], ...] = tuple(_class(one) for one in _JUDGED["fed"])
NOT_FED: Mapping[type[Event], str] = {
    _class(one): reason for reason, those in _JUDGED["not_fed"].items() for one in those
}
"""With the reason."""
