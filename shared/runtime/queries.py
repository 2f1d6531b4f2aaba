"""Queries, as a table: which question is answered where, and who may ask it.

A query's answer is often narrower than who may ask: its code keeps to what lies in the caller's
places, or is the caller's own. `note` says that in words, for the access matrix.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from fastapi import Depends, FastAPI, Response

from shared.runtime.api import CurrentCaller
from shared.runtime.policies import Policy, public
from shared.runtime.problems import Forbidden

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """One row: the request, who may send it, how the answer is narrowed, and what answers it with
    which options of FastAPI's.
    """

    method: str
    path: str
    may: Policy
    note: str
    handler: Callable[..., Any]
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The handler's, in dashes."""
        return self.handler.__name__.replace("_", "-")


def gives(*media_types: str) -> dict[str, Any]:
    """Options of a query that answers with these media types: as text or bytes, JSON as it is."""
    content: dict[str, Any] = {
        media: {} if media == "application/json" else {"schema": {"type": "string"}}
        for media in media_types
    }
    return {"response_class": Response, "responses": {200: {"content": content}}}


class Queries:
    """The queries of a collection.

    queries = Queries(tags=["Petitions"])

    @queries.get("/petitions", may=staff, note="of their places")
    async def work_queue(caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]: ...
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = list(tags)
        self.rows: list[Asked] = []

    def get(self, path: str, *, may: Policy, note: str = "", **options: Any) -> Callable[[F], F]:
        """Declares a question; `options` are those of FastAPI's own decorator."""
        return self._declare("GET", path, may, note, options)

    def post(self, path: str, *, may: Policy, note: str = "", **options: Any) -> Callable[[F], F]:
        """Declares what is asked or done with a body and is no command of one aggregate."""
        return self._declare("POST", path, may, note, options)

    def _declare(
        self, method: str, path: str, may: Policy, note: str, options: dict[str, Any]
    ) -> Callable[[F], F]:
        """Raises ValueError for a public query whose handler wants a caller: there is none."""

        def declare(handler: F) -> F:
            wanted = get_type_hints(handler, include_extras=True).values()
            if may is public and CurrentCaller in wanted:
                raise ValueError(f"{method} {path} is public: it has no caller")
            self.rows.append(Asked(method, path, may, note, handler, options))
            return handler

        return declare

    def add_to(self, app: FastAPI) -> None:
        """Makes an application answer them. `may` is asked before the handler is."""
        for row in self.rows:
            app.router.add_api_route(
                row.path,
                row.handler,
                methods=[row.method],
                tags=[*self.tags],
                dependencies=[] if row.may is public else [Depends(_only(row.may))],
                **{
                    **row.options,
                    "openapi_extra": {
                        **row.options.get("openapi_extra", {}),
                        "x-may": row.may.name,
                    },
                },
            )


def _only(may: Policy) -> Callable[..., Any]:
    async def check(caller: CurrentCaller) -> None:
        if not may.allows(caller, None, None):
            raise Forbidden

    return check
