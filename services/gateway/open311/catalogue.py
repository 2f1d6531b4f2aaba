"""Service types: what petitions can be about, as Open311 lists it.

Of a category's own questions there is one: which kind of petition it is. Reports about people are
not taken here: whoever reports somebody does so where no application is in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.open311.own_token import OwnToken
from services.gateway.upstream import ServiceAway, Upstreams
from shared.contracts.types import PetitionKind
from shared.runtime.clock import Clock
from shared.runtime.remembered import FRESH, RememberedFigures

KIND = "kind"
"""The attribute that says which kind of petition it is."""
TAKEN = tuple(kind for kind in PetitionKind if kind is not PetitionKind.REPORT)

KINDS: Mapping[PetitionKind, tuple[str, str]] = {
    PetitionKind.COMPLAINT: ("投诉", "Complaint"),
    PetitionKind.REQUEST: ("求助", "Request for help"),
    PetitionKind.SUGGESTION: ("建议", "Suggestion"),
    PetitionKind.QUESTION: ("咨询", "Question"),
}
WHICH_KIND = (
    "这是哪一类诉求？不选时按第一项处理。",
    "What kind of petition is it? Without a choice it is taken as the first.",
)
ONE_OF = ("选择一项", "Choose one")


@dataclass(frozen=True, slots=True)
class ServiceType:
    """A category that takes petitions. `names` lead to it from the first level on."""

    code: str
    names: tuple[str, ...]
    other_name: str
    kinds: tuple[PetitionKind, ...]

    @property
    def name(self) -> str:
        """Its own."""
        return self.names[-1]

    def listed(self) -> dict[str, Any]:
        """As ``GET services`` tells it."""
        keywords = dict.fromkeys((*reversed(self.names), self.other_name))
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": " / ".join(self.names),
            "metadata": len(self.kinds) > 1,
            "type": "realtime",
            "keywords": ", ".join(keywords),
            "group": self.names[0],
        }

    def defined(self, speaks: str) -> dict[str, Any]:
        """As ``GET services/{code}`` tells it."""
        language = 0 if speaks == "zh" else 1
        attributes: list[dict[str, Any]] = []
        if len(self.kinds) > 1:
            attributes.append(
                {
                    "variable": True,
                    "code": KIND,
                    "datatype": "singlevaluelist",
                    "required": False,
                    "datatype_description": ONE_OF[language],
                    "order": 1,
                    "description": WHICH_KIND[language],
                    "values": [
                        {"key": kind.value, "name": KINDS[kind][language]} for kind in self.kinds
                    ],
                }
            )
        return {"service_code": self.code, "attributes": attributes}


Types = Mapping[str, ServiceType]


class Catalogue:
    """The service types of now, asked of petitions once a minute for all who want them."""

    def __init__(self, upstreams: Upstreams, token: OwnToken, clock: Clock) -> None:
        self._upstreams = upstreams
        self._token = token
        self._clock = clock
        self._remembered = RememberedFigures(oldest=FRESH)

    async def types(self, speaks: str) -> Types:
        """By code, each before those below it. Raises `ServiceAway`, `IssuerUnavailable`."""
        return await self._remembered.ask(speaks, self._clock.now(), lambda _: self._ask(speaks))

    async def _ask(self, speaks: str) -> Types:
        own = await self._tree(speaks)
        other = {code: names[-1] for code, names, _ in _walk(await self._tree(_other(speaks)))}
        found = {}
        for code, names, kinds in _walk(own):
            takes = tuple(kind for kind in TAKEN if not kinds or kind.value in kinds)
            if takes:
                found[code] = ServiceType(code, names, other.get(code, names[-1]), takes)
        return found

    async def _tree(self, speaks: str) -> Sequence[Mapping[str, Any]]:
        answer = await self._upstreams.ask(
            "petitions",
            "GET",
            "/categories",
            token=await self._token.get(),
            headers={"Accept-Language": speaks},
        )
        if answer.status != 200:
            raise ServiceAway("petitions", f"answered {answer.status}")
        items: Sequence[Mapping[str, Any]] = answer.json()["items"]
        return items


def _other(speaks: str) -> str:
    return "en" if speaks == "zh" else "zh"


def _walk(
    tree: Sequence[Mapping[str, Any]], above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], Sequence[str]]]:
    """Code, names and kinds of every category."""
    for one in tree:
        names = (*above, str(one["name"]))
        yield one["code"], names, one["kinds"]
        yield from _walk(one["parts"], names)
