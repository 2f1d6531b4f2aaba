"""People at the services' doors: everything the demo does goes through HTTP with a token."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.demo.addresses import service_url
from deploy.demo.day import Person
from deploy.local.issuer import load_key, local_issuer, mint
from deploy.local.layout import LocalError

TIMEOUT = 30.0
"""Seconds for one answer."""
PATIENCE = 30.0
"""Seconds for which a service that is not available for a moment is asked again."""
PAUSE = 0.5


class Refused(LocalError):
    """A service refused what the demo did; the text is the problem it told, `code` what it calls
    it, empty where it has no name.
    """

    def __init__(self, told: str, code: str = "") -> None:
        super().__init__(told)
        self.code = code


class Callers:
    """Calls services in the name of people. One token per person is made and kept."""

    def __init__(self) -> None:
        self._key = load_key()
        self._issuer = local_issuer()
        self._tokens: dict[str, str] = {}
        # No proxy of the environment stands between this machine and itself.
        self._http = httpx.Client(trust_env=False, timeout=TIMEOUT)

    def token(self, person: Person) -> str:
        """The person's access token, signed by the development issuer's key."""
        if person.sub not in self._tokens:
            places = person.places or ((person.home,) if person.home else ())
            self._tokens[person.sub] = mint(
                self._key, self._issuer, person.sub, person.roles, places, person.org
            )
        return self._tokens[person.sub]

    def get(
        self,
        service: str,
        path: str,
        person: Person | None,
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What is answered; without a person, to somebody without a token. Raises Refused."""
        content: dict[str, Any] = self._ask("GET", service, path, person, params=params).json()
        return content

    def download(self, service: str, path: str, person: Person) -> bytes:
        """A file. Raises Refused."""
        return self._ask("GET", service, path, person).content

    def post(
        self,
        service: str,
        path: str,
        person: Person | None,
        body: Mapping[str, Any],
        key: str,
    ) -> dict[str, Any]:
        """Does something once, however often it is asked with this `key`. Raises Refused."""
        headers = {"Idempotency-Key": key}
        asked = self._ask("POST", service, path, person, json=dict(body), headers=headers)
        content: dict[str, Any] = asked.json()
        return content

    def attach(
        self, service: str, path: str, person: Person, name: str, file: bytes, key: str
    ) -> dict[str, Any]:
        """Sends a file in a form, as a browser does. Raises Refused."""
        headers = {"Idempotency-Key": key}
        asked = self._ask(
            "POST", service, path, person, files={"file": (name, file)}, headers=headers
        )
        content: dict[str, Any] = asked.json()
        return content

    def upload(
        self,
        service: str,
        path: str,
        person: Person,
        content: bytes,
        media_type: str,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Sends a file; once, where there is a `key`. Raises Refused."""
        headers = {"Content-Type": media_type}
        if key is not None:
            headers["Idempotency-Key"] = key
        asked = self._ask("POST", service, path, person, content=content, headers=headers)
        answer: dict[str, Any] = asked.json()
        return answer

    def inbox(self, person: Person) -> list[dict[str, Any]]:
        """All messages in a person's inbox, in Chinese. Raises Refused."""
        items: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": 200}
        while True:
            page = self.get("notifications", "/inbox", person, params)
            items += page["items"]
            if page["next"] is None:
                return items
            params["cursor"] = page["next"]

    def _ask(
        self, method: str, service: str, path: str, person: Person | None, **request: Any
    ) -> httpx.Response:
        token = {} if person is None else {"Authorization": f"Bearer {self.token(person)}"}
        request["headers"] = {
            **token,
            "Accept-Language": "zh",
            **request.get("headers", {}),
        }
        give_up = time.monotonic() + PATIENCE
        while True:
            answer = self._send(method, f"{service_url(service)}{path}", request)
            if answer is not None and answer.status_code != 503:
                break
            if time.monotonic() > give_up:
                raise Refused(f"{service} was not available for {PATIENCE:.0f} s: `make logs`")
            time.sleep(PAUSE)
        if answer.is_error:
            by = "nobody in particular" if person is None else person.sub
            raise Refused(f"{method} {path} of {by}: {told(answer)}", code_of(answer))
        return answer

    def _send(self, method: str, url: str, request: Mapping[str, Any]) -> httpx.Response | None:
        try:
            return self._http.request(method, url, **request)
        except httpx.TransportError:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()


def code_of(answer: httpx.Response) -> str:
    """What a problem is called, without what all of them begin with."""
    try:
        return str(answer.json()["type"]).removeprefix("urn:jinlin:problem:")
    except (ValueError, KeyError, TypeError):
        return ""


def told(answer: httpx.Response) -> str:
    """A refusal in one line: status, problem and the fields it names."""
    try:
        problem = answer.json()
        fields = "; ".join(f"{one['field']}: {one['detail']}" for one in problem.get("errors", ()))
        words = ": ".join(filter(None, (problem["title"], problem.get("detail"), fields)))
    except (ValueError, KeyError, TypeError, AttributeError):
        words = answer.text[:200]
    return f"{answer.status_code} {words}"
