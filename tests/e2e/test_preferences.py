"""How people are told, over real services: an address is confirmed by a message that an event led
to, a digest comes of itself, and words change for what was told before.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.contact_codes import code_for, secret_in_use, unsubscribe_token
from services.notifications.domain.kinds import Topic
from shared.worktime.hours import CHINA
from tests.e2e.town import Person, Town
from tests.e2e.waiting import until

pytestmark = pytest.mark.slow

WORDING = "2026-01"


def of_kind(person: Person, kind: str, language: str = "zh-CN") -> list[dict[str, Any]]:
    found = person.get(
        "notifications", "/inbox?limit=200", headers={"Accept-Language": language}
    ).json()["items"]
    return [one for one in found if one["kind"] == kind]


def says(person: Person, verb: str, body: dict[str, Any]) -> None:
    answer = person.post("notifications", f"/preferences/{person.sub}/{verb}", body)
    assert answer.status_code == 200, answer.text


def mine(person: Person) -> dict[str, Any]:
    answer: dict[str, Any] = person.get("notifications", f"/preferences/{person.sub}").json()
    return answer


def test_an_address_is_confirmed_and_one_click_ends_its_mail(town: Town) -> None:
    person = town.resident("resident-with-mail")
    assert person.post("notifications", "/preferences", {}).status_code == 201
    says(person, "give-email", {"address": "mail@example.com", "wording": WORDING})
    until(lambda: of_kind(person, "address-code"), "a code is on its way")
    code = code_for(person.sub, "email", 1, secret_in_use())
    says(person, "confirm", {"way": "email", "code": code})
    known = mine(person)
    assert known["addresses"]["email"]["confirmed"]
    assert known["consents"]["email"]["wording"] == WORDING
    link = f"{town.url('notifications')}/unsubscribe"
    token = unsubscribe_token(person.sub, Topic.PETITIONS, secret_in_use())
    assert town.http.get(link, params={"t": token}).status_code == 200
    one_click = {"List-Unsubscribe": "One-Click"}
    done = town.http.post(link, params={"t": token}, data=one_click)
    assert done.status_code == 200
    assert "email" not in mine(person)["ways"]["petitions"]


def test_a_digest_comes_of_itself_and_once(town: Town) -> None:
    person = town.resident("resident-with-digest")
    assert person.post("notifications", "/preferences", {}).status_code == 201
    soon = datetime.now(UTC).astimezone(CHINA) + timedelta(minutes=1)
    says(person, "set-digest", {"every": "daily", "at": f"{soon:%H:%M}"})
    petition = person.file()
    person.told("petition-received", petition)
    until(lambda: of_kind(person, "digest"), "the digest has come", 90)
    (digest,) = of_kind(person, "digest")
    assert int(digest["params"]["count"]) >= 1
    assert "petitions=" in digest["params"]["topics"]
    assert "诉求" in digest["body"]
    states = town.store("notifications")["state_preferences"]
    since = states.find_one({"_id": person.sub})
    assert since is not None
    told = town.store("notifications")["state_message"]
    asked = {"s.recipient": person.sub, "s.kind": "digest"}
    assert told.count_documents(asked) == 1


def test_words_are_changed_while_the_service_runs(town: Town) -> None:
    person = town.resident("resident-who-reads")
    petition = person.file()
    person.told("petition-received", petition)
    words = {"zh-Hant": {"title": "收到了", "body": "訴求 {{ petition }} 收到了。"}}
    administrator = town.administrator()
    at = "/rules/petition-received"
    changed = administrator.post("notifications", f"{at}/change-words", {"words": words})
    assert changed.status_code == 200, changed.text

    def title(language: str) -> str:
        said: str = of_kind(person, "petition-received", language)[0]["title"]
        return said

    until(lambda: title("zh-TW") == "收到了", "the new words are said")
    assert title("zh-CN") == "您的诉求已受理"
    bad = {"words": {"en": {"title": "x", "body": "{{ colour }}"}}}
    assert administrator.post("notifications", f"{at}/change-words", bad).status_code == 409
    assert administrator.post("notifications", f"{at}/reset", {}).status_code == 200
    until(lambda: title("zh-TW") == "您的訴求已受理", "the shipped words are said again")
