"""An application that speaks Open311 to the door, and holds every answer to the schema."""

from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import xmlschema

from tests.services.gateway.city import Door

XSD = Path(__file__).with_name("georeport.xsd")
REPORT = {
    "service_code": "sanitation",
    "address_string": "鼓楼区东街街道军门社区朱紫坊小区三号楼",
    "description": "楼下的污水井堵了两天\n臭味很大",
    "first_name": "大明",
    "last_name": "林",
    "phone": "13812345678",
    "email": "lin@example.org",
}


@cache
def schema() -> Any:
    """Of all answers in XML."""
    return xmlschema.XMLSchema(XSD)


class Application:
    """An application with a key."""

    def __init__(self, door: Door, key: str | None = None) -> None:
        self.door = door
        self.key = key

    async def asks(self, path: str, expected: int = 200, /, **params: str) -> Any:
        """A question in both forms; the content, which is the same in both."""
        as_json = await self.door.get(f"/open311/{path}.json", params=params)
        as_xml = await self.door.get(f"/open311/{path}.xml", params=params)
        assert as_json.status_code == as_xml.status_code == expected, as_json.text
        told = valid(as_xml)
        assert plain(as_json.json()) == told
        return as_json.json()

    async def sends(
        self,
        path: str,
        expected: int = 200,
        /,
        headers: dict[str, str] | None = None,
        **form: str,
    ) -> Any:
        """A form, answered in XML; its content."""
        keyed = form if self.key is None else {"api_key": self.key, **form}
        answer = await self.door.client.post(f"/open311/{path}.xml", data=keyed, headers=headers)
        assert answer.status_code == expected, answer.text
        return valid(answer)

    async def reports(self, **changes: str) -> str:
        """Something to report; its id."""
        told = await self.sends("v2/requests", **{**REPORT, **changes})
        id: str = told[0]["service_request_id"]
        return id


def valid(answer: httpx.Response) -> Any:
    """The content of an answer in XML, which keeps to the schema."""
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    schema().validate(answer.text.partition("?>")[2])
    return _read(ElementTree.fromstring(answer.content))


LISTS = {
    "services",
    "attributes",
    "values",
    "service_requests",
    "service_request_updates",
    "errors",
    "endpoints",
    "formats",
}


def _read(element: ElementTree.Element) -> Any:
    """By the Spark convention: an element for many things is a list, everything else by name."""
    if element.tag in LISTS:
        return [_read(one) for one in element]
    if len(element):
        return {one.tag: _read(one) for one in element}
    return element.text or ""


def plain(content: Any) -> Any:
    """JSON as XML can tell it: everything is text, and nothing is an empty one."""
    match content:
        case dict():
            return {name: plain(value) for name, value in content.items()}
        case list():
            return [plain(one) for one in content]
        case bool():
            return str(content).lower()
        case None:
            return ""
    return str(content)
