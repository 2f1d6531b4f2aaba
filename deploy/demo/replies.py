"""The real replies, given as answers by whoever has the petition: what says nothing is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from deploy.demo.callers import Callers
from deploy.demo.day import load_day
from deploy.demo.evidence import Doc, Published, Stores, published_of, stream
from deploy.demo.filing import Letter, Sent, send_all
from deploy.demo.messages import Message
from deploy.local.layout import LocalError

ANSWERED = ".PetitionAnswered.v1"
HOLLOW = "hollow-answer"
DONE_BY = "原答复单位"
"""The files do not say who replied."""


def answer_all(
    messages: Sequence[Message],
    ids: Mapping[str, str],
    callers: Callers,
    stores: Stores,
    progress: Callable[[], None],
) -> Sent:
    """Answers each petition with its real reply; `ids` are the petitions by the messages' keys.

    Raises LocalError where somebody has a petition whom the demo does not know.
    """
    people = {person.sub: person for person in load_day().people.values()}
    states = stores.petitions(ids.values())
    letters = []
    for message in messages:
        id = ids[message.key]
        assignee = states[id]["s"]["assignee"]
        if assignee not in people:
            raise LocalError(f"{message.where}: petition {id} is with {assignee}, who is unknown")
        body = {"done": message.reply, "done_by": DONE_BY, "finished": True}
        path = f"/petitions/{id}/answer"
        token = callers.token(people[assignee])
        letters.append(Letter(f"answer/{message.key}", message.where, path, body, token))
    return send_all(letters, progress, HOLLOW)


def answered(stores: Stores, sent: Sent) -> list[Published]:
    """The public events of the answers' commits."""
    versions = {stream(one["id"]): one["version"] for one in sent.outcomes.values()}
    commits = stores.commits("petitions", versions)
    return published_of(
        "petitions",
        (
            commit
            for of_one in commits.values()
            for commit in of_one
            if commit["v"] == versions[commit["stream"]] and commit["verb"] == "answer"
        ),
    )


def check_told(published: Iterable[Published], messages: Sequence[Doc]) -> list[str]:
    """Each petitioner was told of the answer once, of a refused one never, of a report's never:
    its events do not say whose it is.
    """
    told = Counter(one["s"]["about"] for one in messages if one["s"]["kind"] == "petition-answered")
    expected = Counter(
        stream(event.data["petition"])
        for event in published
        if event.type.endswith(ANSWERED) and event.data["petitioner"] is not None
    )
    return [
        f"{about} led to {told[about]} messages petition-answered, expected {expected[about]}"
        for about in sorted(told.keys() | expected.keys())
        if told[about] != expected[about]
    ]
