"""A petition that nobody answers climbs by itself, level by level, and everybody hears of it."""

from tests.e2e.town import AREA, CLIMBS_AT_ONCE, COMMUNITY, DISTRICT, HOLDERS, HOME, STREET, Town
from tests.e2e.waiting import until

LADDER = ("neighbourhood", "area", "community", "street", "district")


def test_an_ignored_petition_climbs_to_the_top_and_is_overdue_there(town: Town) -> None:
    resident = town.resident()
    petition = resident.file(category=CLIMBS_AT_ONCE)
    until(lambda: resident.sees(petition)["overdue_days"] == 0, "it is overdue at the top", 60)
    shown = resident.sees(petition)
    assert (shown["level"], shown["assignee"]) == ("district", HOLDERS[DISTRICT])

    items = resident.get("petitions", f"/petitions/{petition}/timeline").json()["items"]
    events = [event for item in items for event in item["events"]]
    reached = [event["data"] for event in events if event["name"] == "PetitionReachedLevel"]
    assert [data["level"] for data in reached] == list(LADDER)
    assert [data["because"] for data in reached] == ["filed", *["overdue"] * 4]
    near = [event["data"]["level"] for event in events if event["name"] == "PetitionDeadlineNear"]
    passed = [event["data"]["level"] for event in events if event["name"] == "PetitionOverdue"]
    assert passed == list(LADDER)
    # Where the clock looks only after the deadline there is nothing left to warn of.
    assert near
    assert near == [level for level in LADDER if level in near]
    assert {item["verb"] for item in items[1:]} == {"tick"}

    for level, place in zip(LADDER, (HOME, AREA, COMMUNITY, STREET, DISTRICT), strict=True):
        holder = town.holder(place)
        holder.told("duty-overdue", petition)
        kinds = {one["kind"] for one in holder.inbox(petition)}
        assert kinds - {"deadline-near"} == {"duty-assigned", "duty-overdue"}, place
        assert ("deadline-near" in kinds) == (level in near), place
    resident.told("petition-overdue", petition)
    told = [one["kind"] for one in resident.inbox(petition)]
    assert (told.count("petition-climbed"), told.count("petition-overdue")) == (4, 1)

    overdue = town.holder(DISTRICT).get("petitions", "/petitions?overdue=true&limit=200").json()
    assert petition in [item["id"] for item in overdue["items"]]


def test_comments_and_a_return_do_not_hold_it_back(town: Town) -> None:
    resident, worker = town.resident(), town.holder(HOME)
    petition = resident.file(category=CLIMBS_AT_ONCE)
    deadline = resident.sees(petition)["answer_by"]
    for text in ("在吗？", "有人吗？"):
        before = resident.sees(petition)
        resident.does("comment", petition, text=text)
        after = resident.sees(petition)
        if after["level"] == before["level"]:
            assert after["answer_by"] == before["answer_by"]
    answer = worker.post("petitions", f"/petitions/{petition}/return", {"question": "哪里？"})
    assert answer.status_code in (200, 403, 404, 409)
    until(lambda: resident.sees(petition)["level"] != "neighbourhood", "it climbs")
    assert resident.sees(petition)["answer_by"] > deadline
