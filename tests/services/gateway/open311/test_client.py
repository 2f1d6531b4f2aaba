"""The `georeport` client of PyPI against the door."""

import asyncio

import pytest
from georeport import GeoReport

from tests.services.gateway.city import COMMUNITY, Door, Listening
from tests.services.gateway.open311.test_requests import filed


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_a_client_that_others_wrote_understands_it(at: Door, form: str) -> None:
    first, second = await filed(at), await filed(at)
    served = Listening(at.front)
    await served.start()
    try:
        client = GeoReport(f"{served.url}/open311/v2", COMMUNITY, output_format=form)
        services = await asyncio.to_thread(client.get_service_list)
        assert "sanitation" in {one["service_code"] for one in services}
        definition = await asyncio.to_thread(client.get_service_definition, "sanitation")
        assert definition["service_code"] == "sanitation"
        requests = await asyncio.to_thread(client.get_service_requests, status="open")
        assert [one["service_request_id"] for one in requests] == [second, first]
        request = await asyncio.to_thread(client.get_service_request, first)
        assert (request["service_request_id"], request["status"]) == (first, "open")
    finally:
        await served.stop()
