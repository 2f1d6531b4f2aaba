"""Each service keeps to its own OpenAPI document, whatever it is asked (schemathesis).

Chapter by chapter: a service of a hundred operations is asked two thousand times, and what one test
may take is not to depend on how much a service does.
"""

from importlib import import_module
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.contracts.envelope import SERVICES
from shared.runtime.policies import public
from shared.runtime.service import Service
from tests.e2e.town import DISTRICT, Town

EXAMPLES = 20
"""Requests made up for each operation."""
ENDLESS = ("/inbox/stream", "/feed/stream")
"""Answers that do not end by themselves; tests/e2e/test_stream.py and test_feed.py read them."""
WAITING = "wait"
"""A parameter by which an answer is waited for."""
HELD_TO = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

HEALTH = "Health"


def chapters(name: str) -> list[str]:
    """The tags under which a service's document tells of its operations."""
    service: Service = import_module(f"services.{name}.main").service
    tags = [api.tag for api in service.apis]
    tags += [tag for queries in service.queries if queries.rows for tag in queries.tags]
    return [*dict.fromkeys(tags), HEALTH]


# The gateway's own tables are described in the joined document, which is not held to this yet.
CHAPTERS = [(name, chapter) for name in SERVICES for chapter in chapters(name)]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@pytest.mark.parametrize(("name", "chapter"), CHAPTERS)
def test_a_service_keeps_to_its_document(town: Town, name: str, chapter: str) -> None:
    """Asked by somebody who may do almost everything."""
    roles = ["resident", "administrator", "district-staff", "intake"]
    token = town.issuer.token("curious-1", roles, [DISTRICT])
    headers = {"Authorization": f"Bearer {token}"}
    document = schemathesis.openapi.from_url(f"{town.url(name)}/openapi.json")
    asked = 0
    asked_of = document.include(tag=chapter).exclude(path=list(ENDLESS))
    for found in asked_of.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def keeps_to_it(case: Any) -> None:
            (case.query or {}).pop(WAITING, None)
            case.call_and_validate(headers=headers, checks=HELD_TO)

        keeps_to_it()
        asked += 1
    assert asked >= 1


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_answers(town: Town, name: str) -> None:
    paths = town.http.get(f"{town.url(name)}/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation["responses"], (method, path)
            assert set(operation["tags"]) <= set(chapters(name)), (method, path)
            if path not in ("/livez", "/readyz", "/metrics") and operation["x-may"] != public.name:
                assert "401" in operation["responses"], (method, path)
