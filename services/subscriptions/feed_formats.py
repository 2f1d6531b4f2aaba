"""The feed's entries on the wire: a batch of CloudEvents, Atom, server-sent events."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import orjson
from sse_starlette import ServerSentEvent

from services.subscriptions.feed_asking import text_of
from services.subscriptions.feed_reading import Cursor, Entry

BATCH = "application/cloudevents-batch+json"
"""CloudEvents 1.0.2, JSON format, 4: a bare array of events in structured form."""
ATOM = "application/atom+xml"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
CURSOR_HEADER = "Jinlin-Cursor"

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write. In JSON they stand in strings only."""

ElementTree.register_namespace("", ATOM_NAMESPACE)


def message(entry: Entry) -> bytes:
    """The event as it was published."""
    return orjson.dumps(entry.envelope)


def batch(entries: Sequence[Entry]) -> bytes:
    """A batch of CloudEvents."""
    return b"[" + b",".join(message(entry) for entry in entries) + b"]"


def atom(entries: Sequence[Entry], this: str, following: str, now: datetime) -> bytes:
    """An Atom document (RFC 4287). The next part follows under ``rel="next"`` (RFC 5005), also at
    the end: there it is empty until something happens.
    """
    feed = Element(f"{{{ATOM_NAMESPACE}}}feed")
    _text(feed, "id", "urn:jinlin:feed")
    _text(feed, "title", "Jinlin events")
    _text(feed, "updated", str(entries[-1].envelope["time"]) if entries else _moment(now))
    _text(_within(feed, "author"), "name", "Jinlin")
    _within(feed, "link", rel="self", href=this)
    _within(feed, "link", rel="next", href=following)
    for entry in entries:
        _entry(feed, entry)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Element, entry: Entry) -> None:
    event = entry.envelope
    one = _within(feed, "entry")
    _text(one, "id", "urn:jinlin:event:" + quote(str(event["id"]), safe="/:"))
    _text(one, "title", f"{entry.type.split('.')[-2]} {event['subject']}")
    _text(one, "updated", str(event["time"]))
    _within(one, "category", term=entry.type)
    # Another media type would have to be in Base64 (RFC 4287, 4.1.3.3).
    _text(one, "content", message(entry).decode(), type="text")


def _within(parent: Element, name: str, **attributes: str) -> Element:
    return SubElement(parent, f"{{{ATOM_NAMESPACE}}}{name}", attributes)


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    _within(parent, name, **attributes).text = _NOT_IN_XML.sub(_escaped, text)


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sent(entry: Entry) -> ServerSentEvent:
    """An entry as a server-sent event; its id is where to resume."""
    return ServerSentEvent(data=message(entry).decode(), id=text_of(entry.at))


def passed(upto: Cursor) -> ServerSentEvent:
    """That all up to there was passed over: the client resumes there, and its reader is told
    nothing (an event without data only sets the last event's id).
    """
    return ServerSentEvent(id=text_of(upto))
