"""A small town on real servers: the services as processes, a place tree, posts and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.layout import SERVICES
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS, services_at
from tests.e2e.waiting import until

DISTRICT, STREET, COMMUNITY, AREA = "D1", "D1-S1", "D1-S1-C1", "D1-S1-C1-A1"
HOME, NEXT_DOOR = "D1-S1-C1-A1-N1", "D1-S1-C1-A1-N2"
ELSEWHERE, FAR = "D2", "D2-S1"

HOLDERS = {
    HOME: "worker-n1",
    NEXT_DOOR: "worker-n2",
    AREA: "worker-a1",
    COMMUNITY: "worker-c1",
    STREET: "worker-s1",
    DISTRICT: "worker-d1",
    FAR: "worker-far",
}
"""Who has the duty `petitions` at which place."""

ROLES = {
    HOME: "neighbourhood-staff",
    NEXT_DOOR: "neighbourhood-staff",
    AREA: "area-staff",
    COMMUNITY: "community-staff",
    STREET: "street-staff",
    DISTRICT: "district-staff",
    FAR: "street-staff",
}

PLACES = f"""\
code,kind,name,parent,duty,holder
{DISTRICT},district,鼓楼区,,petitions,{HOLDERS[DISTRICT]}
{STREET},street,东街街道,{DISTRICT},petitions,{HOLDERS[STREET]}
{COMMUNITY},community,军门社区,{STREET},petitions,{HOLDERS[COMMUNITY]}
{AREA},area,军门第一片区,{COMMUNITY},petitions,{HOLDERS[AREA]}
{HOME},neighbourhood,朱紫坊小区,{AREA},petitions,{HOLDERS[HOME]}
{NEXT_DOOR},neighbourhood,安民小区,{AREA},petitions,{HOLDERS[NEXT_DOOR]}
{ELSEWHERE},district,台江区,,,
{FAR},street,茶亭街道,{ELSEWHERE},petitions,{HOLDERS[FAR]}
"""

NO_LIMITS = {
    f"JINLIN_{group}_LIMIT": "1000000/minute"
    for group in ("READING", "WRITING", "ANONYMOUS", "SIGNING_IN")
}
"""All tests come from one address, and more often than people do."""

AT_ONCE = httpx.Limits(max_connections=None, keepalive_expiry=None)
"""For a client of many people at once. One that keeps no more connections than so many, or none for
longer than so, may close one as idle that it has just given to a request: that breaks off then."""
ALL_READY_WITHIN = 180.0
"""Seconds for all services to be ready: nine processes start at once, with other tests beside them.
How soon one is ready is measured elsewhere."""
CLIMBS_AT_ONCE = "utilities"
"""The category whose levels have two seconds each by `RULES`."""

RULES = """\
hours: {default: round-the-clock, places: {}}
paces:
  emergency: {normal: PT2S, urgent: PT2S}
  everyday: {normal: P2D, urgent: PT4H}
  lengthy: {normal: P5D, urgent: P1D}
"""


class Person:
    """Somebody with a token; `get` and `post` take the service's name and the path."""

    def __init__(
        self, town: Town, sub: str, roles: tuple[str, ...], places: tuple[str, ...]
    ) -> None:
        self.town = town
        self.sub = sub
        self.roles = roles
        self.token = town.issuer.token(sub, roles, places)

    def headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers of this person's requests."""
        return {"Authorization": f"Bearer {self.token}", **(more or {})}

    def get(self, service: str, path: str, **more: Any) -> httpx.Response:
        """A query."""
        headers = self.headers(more.pop("headers", None))
        return self.town.http.get(self.town.url(service) + path, headers=headers, **more)

    def post(
        self, service: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A command; without a body an empty one."""
        return self.town.http.post(
            self.town.url(service) + path, json=body or {}, headers=self.headers(headers)
        )

    def file(self, **changes: Any) -> str:
        """Files a petition; its id."""
        answer = self.post("petitions", "/petitions", filing(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def does(self, verb: str, petition: str, **body: Any) -> dict[str, Any]:
        """Carries out a verb on a petition, which has to succeed."""
        answer = self.post("petitions", f"/petitions/{petition}/{verb}", body)
        assert answer.status_code == 200, answer.text
        outcome: dict[str, Any] = answer.json()
        return outcome

    def sees(self, petition: str) -> dict[str, Any]:
        """The petition as this person is shown it."""
        answer = self.get("petitions", f"/petitions/{petition}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def inbox(self, about: str | None = None, language: str = "zh") -> list[dict[str, Any]]:
        """The messages of the inbox, those on one petition when `about` is its id."""
        answer = self.get(
            "notifications", "/inbox?limit=200", headers={"Accept-Language": language}
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return [one for one in items if about is None or one["about"] == f"petition-{about}"]

    def told(self, kind: str, about: str) -> dict[str, Any]:
        """Waits for the one message of this kind on a petition."""

        def look() -> list[dict[str, Any]]:
            return [one for one in self.inbox(about) if one["kind"] == kind]

        (message,) = until(look, f"{self.sub} is told {kind} of {about}")
        return message


def filing(**changes: Any) -> dict[str, Any]:
    """The body of POST /petitions."""
    return {
        "kind": "complaint",
        "title": "污水井堵塞",
        "text": "三号楼前的污水井堵了两天，臭味很大。",
        "place": HOME,
        "category": "sanitation",
        **changes,
    }


class Town:
    """The services on one MongoDB and one Kafka, each on a port of its own."""

    def __init__(
        self,
        mongo: MongoServer,
        kafka: KafkaServer,
        issuer: IssuerProcess,
        directory: Path,
        names: Sequence[str] = SERVICES,
    ) -> None:
        """`directory` takes logs and the rules' file. `names` are the services that run there."""
        self.mongo = mongo
        self.kafka = kafka
        self.issuer = issuer
        self.directory = directory
        self.prefix = f"town_{uuid4().hex[:8]}"
        rules = directory / "rules.yaml"
        rules.write_text(RULES)
        self.rules = rules
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.client: MongoClient[dict[str, Any]] = MongoClient(mongo.uri, tz_aware=True)
        self.services: dict[str, WebProcess] = {}
        for name in names:  # the gateway last, which is told where the others are
            self.services[name] = service(
                name, port=free_port(), log=directory / f"{name}.log", env=self.settings(name)
            )

    def settings(self, name: str) -> dict[str, str]:
        """The settings of a service, without those of HTTP."""
        return {
            "JINLIN_MODE": "local",
            "JINLIN_MONGO_URI": self.mongo.uri,
            "JINLIN_MONGO_DATABASE": f"{self.prefix}_{name}",
            "JINLIN_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "JINLIN_OIDC_ISSUER": self.issuer.url,
            "JINLIN_OIDC_AUDIENCE": AUDIENCE,
            "JINLIN_PETITION_RULES": str(self.rules),
            **SECRETS,
            **(services_at(self.url) | NO_LIMITS if name == "gateway" else {}),
        }

    def __enter__(self) -> Self:
        try:
            for process in self.services.values():
                process.start()
            for process in self.services.values():
                process.wait_ready(ALL_READY_WITHIN)
            self._settle()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the services and drops their stores; the servers are whose they were."""
        self.http.close()
        for process in self.services.values():
            process.kill()
        if self.mongo.running:
            for name in self.services:
                self.client.drop_database(self.store(name).name)
        self.client.close()

    def url(self, name: str) -> str:
        """The address of a service."""
        return self.services[name].url

    def metrics(self, name: str) -> str:
        """What a service tells Prometheus."""
        answer = self.http.get(f"{self.url(name)}/metrics")
        assert answer.status_code == 200, answer.text
        assert "jinlin_" in answer.text, "there is nothing of ours in it"
        return answer.text

    def store(self, name: str) -> Database[dict[str, Any]]:
        """The database of a service."""
        return self.client[f"{self.prefix}_{name}"]

    # --- people --------------------------------------------------------------------------------

    def resident(self, sub: str | None = None) -> Person:
        """A resident, a new one unless named."""
        return Person(self, sub or f"resident-{uuid4().hex[:10]}", ("resident",), (HOME,))

    def holder(self, place: str) -> Person:
        """Who has the duty `petitions` at a place."""
        return Person(self, HOLDERS[place], (ROLES[place],), (place,))

    def staff(self, role: str, place: str, sub: str | None = None) -> Person:
        """Somebody with a role for a place and everything below it."""
        return Person(self, sub or f"staff-{uuid4().hex[:10]}", (role,), (place,))

    def administrator(self) -> Person:
        """Who keeps the place tree."""
        return Person(self, "administrator-1", ("administrator",), ())

    def _settle(self) -> None:
        """Imports the places; waits until petitions knows them and who is responsible."""
        answer = self.http.post(
            f"{self.url('community')}/places/import",
            content=PLACES.encode(),
            headers=self.administrator().headers({"Content-Type": "text/csv"}),
        )
        assert answer.status_code == 200, answer.text
        probe = self.resident("resident-probe")

        def assigned() -> bool:
            for place, person in HOLDERS.items():
                answer = probe.post("petitions", "/petitions", filing(place=place))
                if answer.status_code != 201:
                    return False
                id = answer.json()["id"]
                there = probe.sees(id)["assignee"]
                probe.does("withdraw", id)
                if there != person:
                    return False
            return True

        until(assigned, "petitions knows every place and post")
        names = self.store("notifications")["state_place"]
        until(lambda: names.count_documents({}) == len(HOLDERS) + 1, "notifications knows names")
