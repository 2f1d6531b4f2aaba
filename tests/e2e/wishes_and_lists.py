"""What has happened with wishes and the three lists before their access is tried."""

from tests.e2e.town import HOME, Town
from tests.e2e.waiting import until


def a_claimed_wish(town: Town, by: str) -> None:
    """Somebody hopes for something, and a volunteer grants it."""
    post = {"kind": "repair", "place": HOME, "title": "换灯泡", "text": "厨房的灯坏了。"}
    made = town.resident("matrix-elder").post("volunteering", "/wishes", post)
    assert made.status_code == 201, made.text
    at = f"/wishes/{made.json()['id']}"
    wording = {"title": "换一只灯泡", "text": "带一把梯子。"}
    shown = town.administrator().post("volunteering", f"{at}/word", wording)
    assert shown.status_code == 200, shown.text
    claimed = town.resident(by).post("volunteering", f"{at}/claim")
    assert claimed.status_code == 200, claimed.text


def a_confirmed_check_in(town: Town) -> None:
    """Somebody is there for the neighbourhood: what is needed there is offered to them."""
    asked = {"place": HOME, "offers": ["children"]}
    made = town.resident("matrix-member").post("community", "/check-ins", asked)
    assert made.status_code == 201, made.text
    confirmed = f"/check-ins/{made.json()['id']}/confirm"
    answer = town.administrator().post("community", confirmed)
    assert answer.status_code == 200, answer.text
    known = town.store("volunteering")["state_checked-in"]
    until(lambda: known.count_documents({}) > 0, "volunteering knows who has checked in")
