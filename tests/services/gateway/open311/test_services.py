"""What can be reported: service types and their definitions, and where all this stands."""

from tests.services.gateway.city import COMMUNITY, PUBLIC_URL, Door
from tests.services.gateway.open311.reporting import Application


async def test_the_discovery_document_says_where_what_is(at: Door) -> None:
    told = await Application(at).asks("discovery")
    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == f"{PUBLIC_URL}/open311/v2"
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]


async def test_categories_are_service_types(at: Door) -> None:
    types = {one["service_code"]: one for one in await Application(at).asks("v2/services")}
    lifts = types["property-lifts"]
    assert lifts["service_name"] == "电梯故障"
    assert lifts["description"] == "物业服务 / 房屋设施维修 / 电梯故障"
    assert lifts["group"] == "物业服务"
    assert "Lifts out of order" in lifts["keywords"]
    assert (lifts["type"], lifts["metadata"]) == ("realtime", True)
    english = await at.get("/open311/v2/services.json", headers={"Accept-Language": "en"})
    names = {one["service_code"]: one["service_name"] for one in english.json()}
    assert names["property-lifts"] == "Lifts out of order"


async def test_a_definition_asks_which_kind_of_petition_it_is(at: Door) -> None:
    told = await Application(at).asks("v2/services/sanitation")
    (attribute,) = told["attributes"]
    assert (attribute["code"], attribute["datatype"]) == ("kind", "singlevaluelist")
    # Nobody reports a person through an application.
    keys = [value["key"] for value in attribute["values"]]
    assert keys == ["complaint", "request", "suggestion", "question"]


async def test_what_there_is_not_is_not_found(at: Door) -> None:
    application = Application(at)
    (error,) = await application.asks("v2/services/nonsense", 404)
    assert error == {"code": 404, "description": "没有 service_code nonsense"}
    (error,) = await application.asks("v2/services", 404, jurisdiction_id="atlantis")
    assert error["description"] == "没有 jurisdiction_id atlantis"
    assert await application.asks("v2/services", jurisdiction_id=COMMUNITY)
    # A parameter without a value counts as none, by the standard.
    assert await application.asks("v2/services", jurisdiction_id="")


async def test_another_form_is_a_problem_as_everywhere(at: Door) -> None:
    refused = await at.get("/open311/v2/services.csv")
    assert refused.status_code == 404
    assert refused.headers["Content-Type"] == "application/problem+json"


async def test_a_thousand_readers_cost_one_question(at: Door) -> None:
    application = Application(at)
    await application.asks("v2/services")
    asked = len(at.upstreams.asked)
    for _ in range(5):
        await application.asks("v2/services")
    assert len(at.upstreams.asked) == asked


async def test_while_a_service_is_away_that_is_said(at: Door) -> None:
    await at.stop("petitions")
    (error,) = await Application(at).asks("v2/services", 503)
    assert error["code"] == 503
