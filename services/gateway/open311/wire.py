"""Open311 on the wire: XML, and JSON by the Spark convention, of the same content.

A list is an element named for what it holds, with an element for each thing in it; in JSON it is
just the list. What is not known is an empty element, and null.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import orjson
from starlette.responses import Response


class Form(StrEnum):
    """How an answer is written: the end of the path says it."""

    XML = "xml"
    JSON = "json"


MEDIA = {Form.XML: "text/xml; charset=utf-8", Form.JSON: "application/json; charset=utf-8"}

EACH = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""The element of one thing, by that of the list."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write."""


def answer(
    form: Form,
    root: str,
    content: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer whose outermost element is `root`."""
    body = as_xml(root, content) if form is Form.XML else orjson.dumps(content)
    # Set here, so that Starlette does not add a second charset.
    return Response(body, status, {**(headers or {}), "Content-Type": MEDIA[form]})


def as_xml(root: str, content: Any) -> bytes:
    """A document with declaration, without a namespace."""
    element = Element(root)
    _fill(element, content)
    written: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: Element, content: Any) -> None:
    match content:
        case None:
            return
        case bool():
            element.text = "true" if content else "false"
        case Mapping():
            for name, value in content.items():
                _fill(SubElement(element, name), value)
        case list() | tuple():
            for value in content:
                _fill(SubElement(element, EACH[element.tag]), value)
        case _:
            element.text = _NOT_IN_XML.sub("", str(content))
