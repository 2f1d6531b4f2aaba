"""A petition's whole life over HTTP, and what every party is told of it."""

from tests.e2e.town import AREA, HOME, Town


def test_a_petition_lives_from_filing_over_a_low_rating_to_its_close(town: Town) -> None:
    resident, worker, above = town.resident(), town.holder(HOME), town.holder(AREA)

    petition = resident.file(title="路灯不亮", text="小区东门的路灯坏了三天。")
    shown = resident.sees(petition)
    assert (shown["status"], shown["level"], shown["assignee"]) == (
        "assigned",
        "neighbourhood",
        worker.sub,
    )
    assert shown["can"] == ["comment", "withdraw"]
    assert {"title": "路灯不亮"}.items() <= shown["dossier"][0]["data"].items()

    assert set(worker.sees(petition)["can"]) >= {"take", "answer", "hand-up", "return", "assign"}
    worker.does("take", petition)
    worker.does("return", petition, question="是哪一盏灯？")
    resident.does("comment", petition, text="东门进来第二盏。")
    assert resident.sees(petition)["status"] == "taken"
    worker.does("answer", petition, done="已经报修。", done_by="小区物业", finished=True)
    assert resident.sees(petition)["can"] == ["comment", "confirm-solved", "rate", "withdraw"]

    resident.does("rate", petition, stars=1, word="没有修好")
    shown = resident.sees(petition)
    assert (shown["status"], shown["level"], shown["assignee"], shown["reopened"]) == (
        "assigned",
        "area",
        above.sub,
        1,
    )
    above.does("take", petition)
    above.does("answer", petition, done="已经换了灯泡，今晚亮了。", done_by="片区", finished=True)
    resident.does("rate", petition, stars=5, solved=True, word="谢谢")
    shown = resident.sees(petition)
    assert (shown["status"], shown["outcome"], shown["can"]) == ("closed", "solved", ["ask-review"])

    assert [entry["name"] for entry in shown["dossier"]] == [
        "PetitionDescribed",
        "CommentWritten",
        "CommentWritten",
        "AnswerWritten",
        "WordGiven",
        "AnswerWritten",
        "WordGiven",
    ]
    items = resident.get("petitions", f"/petitions/{petition}/timeline").json()["items"]
    assert [item["verb"] for item in items] == [
        "file",
        "take",
        "return",
        "comment",
        "answer",
        "rate",
        "take",
        "answer",
        "rate",
    ]
    assert [item["version"] for item in items] == list(range(1, 10))
    assert [item["actor"] for item in items] == [
        resident.sub,
        worker.sub,
        worker.sub,
        resident.sub,
        worker.sub,
        resident.sub,
        above.sub,
        above.sub,
        resident.sub,
    ]
    assert "东门" not in resident.get("petitions", f"/petitions/{petition}/timeline").text

    resident.told("petition-closed", petition)
    above.told("duty-rated", petition)
    assert sorted(one["kind"] for one in resident.inbox(petition)) == [
        "petition-answered",
        "petition-answered",
        "petition-assigned",
        "petition-assigned",
        "petition-closed",
        "petition-needs-facts",
        "petition-received",
        "petition-reopened",
        "petition-taken",
        "petition-taken",
    ]
    assert sorted(one["kind"] for one in worker.inbox(petition)) == [
        "duty-assigned",
        "duty-commented",
        "duty-rated",
    ]
    assert sorted(one["kind"] for one in above.inbox(petition)) == ["duty-assigned", "duty-rated"]


def test_everybody_reads_their_messages_in_their_own_language(town: Town) -> None:
    resident = town.resident()
    petition = resident.file()
    resident.told("petition-received", petition)
    (zh,) = [one for one in resident.inbox(petition) if one["kind"] == "petition-received"]
    (en,) = [one for one in resident.inbox(petition, "en") if one["kind"] == "petition-received"]
    assert zh["id"] == en["id"]
    assert zh["title"] == "您的诉求已受理"
    assert "朱紫坊小区" in zh["body"]
    assert petition[-8:] in zh["body"]
    assert en["title"] == "We have your petition"
    assert petition[-8:] in en["body"]


def test_a_message_that_was_read_stands_behind_the_unread_ones(town: Town) -> None:
    resident = town.resident()
    petition = resident.file()
    received = resident.told("petition-received", petition)
    resident.told("petition-assigned", petition)
    before = resident.get("notifications", "/inbox").json()
    assert before["unread"] == 2
    answer = resident.post("notifications", f"/messages/{received['id']}/read")
    assert answer.status_code == 200
    after = resident.get("notifications", "/inbox").json()
    assert after["unread"] == 1
    assert [one["read"] for one in after["items"]] == [False, True]
    assert after["items"][1]["id"] == received["id"]

    first = resident.get("notifications", "/inbox?limit=1").json()
    second = resident.get("notifications", f"/inbox?limit=1&cursor={first['next']}").json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == [
        one["id"] for one in after["items"]
    ]
    assert second["next"] is None


def test_nobody_reads_anothers_messages(town: Town) -> None:
    resident, other = town.resident(), town.resident()
    message = resident.told("petition-received", resident.file())
    assert other.inbox() == []
    for path in (f"/messages/{message['id']}", f"/messages/{message['id']}/timeline"):
        assert other.get("notifications", path).status_code == 404
    assert other.post("notifications", f"/messages/{message['id']}/read").status_code == 404
    assert not resident.told("petition-received", message["about"][9:])["read"]
