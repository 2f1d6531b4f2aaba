"""Each service keeps to its own OpenAPI document, whatever it is asked (schemathesis)."""

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

from deploy.local.layout import SERVICES
from shared.runtime.policies import public
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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_to_its_document(town: Town, name: str) -> None:
    """Asked by somebody who may do almost everything."""
    roles = ["resident", "administrator", "district-staff", "intake"]
    token = town.issuer.token("curious-1", roles, [DISTRICT])
    headers = {"Authorization": f"Bearer {token}"}
    document = schemathesis.openapi.from_url(f"{town.url(name)}/openapi.json")
    asked = 0
    for found in document.exclude(path=list(ENDLESS)).get_all_operations():
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
    assert asked >= 6


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_answers(town: Town, name: str) -> None:
    paths = town.http.get(f"{town.url(name)}/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation["responses"], (method, path)
            if path not in ("/livez", "/readyz", "/metrics") and operation["x-may"] != public.name:
                assert "401" in operation["responses"], (method, path)
