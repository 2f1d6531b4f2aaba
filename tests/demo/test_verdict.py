"""The verdict: what ended as told passes, and every difference that is planted is seen."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.demo import figures, verdict
from deploy.demo.addresses import processes
from deploy.demo.day import Act, load_day
from deploy.demo.evidence import published_of
from deploy.demo.playing import Case, Done
from deploy.local.figures import Figures, figures_of, read
from deploy.local.layout import SERVICES
from shared.contracts.envelope import Envelope

DAY = load_day()
NAME, ID = "dog", "p1"
STREAM = f"petition-{ID}"
TU, WEST = DAY.people["tu"].sub, DAY.people["west"].sub

COMMITS: list[dict[str, Any]] = [
    {
        "_id": f"{STREAM}/1",
        "stream": STREAM,
        "v": 1,
        "actor": TU,
        "verb": "file",
        "events": [
            {"n": "PetitionFiled", "d": {"petition": ID, "petitioner": TU}},
            {"n": "PetitionDescribed"},
            {"n": "PetitionReachedLevel", "d": {"petition": ID, "level": "area"}},
            {"n": "PetitionAssigned", "d": {"petition": ID, "assignee": WEST}},
        ],
    },
    {
        "_id": f"{STREAM}/2",
        "stream": STREAM,
        "v": 2,
        "actor": TU,
        "verb": "withdraw",
        "events": [
            {"n": "PetitionWithdrawn", "d": {"petition": ID, "assignee": WEST}},
            {"n": "PetitionClosed", "d": {"petition": ID, "outcome": "withdrawn"}},
        ],
    },
]
STATE = {"_id": ID, "v": 2, "s": {"status": "closed", "outcome": "withdrawn", "level": "area"}}


@dataclass
class Told:
    """All that is compared, so that a test can change one thing of it."""

    case: Case
    found: verdict.Found
    state: dict[str, Any] | None
    done: list[Done]
    inboxes: dict[str, list[dict[str, Any]]]

    def differences(self) -> list[str]:
        """What the verdict says."""
        return [
            *verdict.check_case(self.case, DAY, self.found, self.state),
            *verdict.check_done(self.done, self.found),
            *verdict.check_topic(self.found),
            *verdict.check_inboxes(self.found, self.inboxes, {}),
        ]


def _message(id: str, event: str, recipient: str, kind: str) -> dict[str, Any]:
    state = {"recipient": recipient, "kind": kind, "about": STREAM, "event": event}
    return {"_id": id, "s": state}


@pytest.fixture
def told() -> Told:
    """A petition of which everything is true."""
    commits = copy.deepcopy(COMMITS)
    published = published_of("petitions", commits)
    events = {
        event.id: Envelope(
            id=event.id,
            type=event.type,
            source="/jinlin/petitions",
            subject=STREAM,
            time=datetime(2026, 1, 1, tzinfo=UTC),
            data=copy.deepcopy(event.data),
            sequence=1,
            correlationid="c",
        )
        for event in published
    }
    messages = [
        _message("m1", f"petitions/{STREAM}/1/0", TU, "petition-received"),
        _message("m2", f"petitions/{STREAM}/1/3", TU, "petition-assigned"),
        _message("m3", f"petitions/{STREAM}/1/3", WEST, "duty-assigned"),
        _message("m4", f"petitions/{STREAM}/2/0", WEST, "duty-withdrawn"),
    ]
    timeline = [
        {
            "version": commit["v"],
            "actor": commit["actor"],
            "events": [{"name": one["n"], "data": one.get("d")} for one in commit["events"]],
        }
        for commit in copy.deepcopy(commits)
    ]
    inboxes: dict[str, list[dict[str, Any]]] = {TU: [], WEST: []}
    for one in messages:
        item = {"id": one["_id"], "about": STREAM, "kind": one["s"]["kind"], "body": "words"}
        inboxes[one["s"]["recipient"]].append(item)
    return Told(
        Case(NAME, ID, DAY.petitions[NAME], {**STATE["s"], "version": 2}, timeline),
        verdict.Found({STREAM: commits}, published, "petitions.events.v1", events, messages),
        copy.deepcopy(STATE),
        [
            Done(Act("tu", "file", NAME), TU, ID, 1),
            Done(Act("tu", "withdraw", NAME), TU, ID, 2),
        ],
        inboxes,
    )


def test_what_is_true_passes(told: Told) -> None:
    assert len(told.found.published) == 5
    assert told.differences() == []


def _swap_first_two(told: Told) -> None:
    items = list(told.found.events.items())
    items[0], items[1] = items[1], items[0]
    told.found = replace(told.found, events=dict(items))


PLANTED: dict[str, tuple[Callable[[Told], Any], str]] = {
    "a state that is lost": (lambda t: setattr(t, "state", None), "no state"),
    "another status": (lambda t: t.state["s"].update(status="taken"), "status is taken (store)"),
    "another outcome over HTTP": (
        lambda t: t.case.shown.update(outcome="solved"),
        "outcome is solved (HTTP)",
    ),
    "another level": (
        lambda t: t.found.commits[STREAM][0]["events"][2]["d"].update(level="street"),
        "went street, expected area",
    ),
    "a hole in the versions": (lambda t: t.found.commits[STREAM].pop(0), "versions [2]"),
    "an old state": (lambda t: t.state.update(v=1), "state is of version 1, of 2"),
    "a timeline that keeps something back": (lambda t: t.case.timeline.pop(), "timeline"),
    "an act that was not kept": (
        lambda t: t.found.commits[STREAM][1].update(actor=WEST),
        "withdraw of demo-r-tu was acknowledged",
    ),
    "an event that was not published": (
        lambda t: t.found.events.pop(f"petitions/{STREAM}/1/2"),
        "petitions/petition-p1/1/2",
    ),
    "an event with other data": (
        lambda t: t.found.events[f"petitions/{STREAM}/2/1"].data.update(outcome="rated"),
        "is not what the commit says",
    ),
    "events out of order": (_swap_first_two, "came before its predecessor"),
    "a message too few": (
        lambda t: t.found.messages.pop(),
        "has 0 messages duty-withdrawn, expected 1",
    ),
    "a message twice": (
        lambda t: t.found.messages.append({**t.found.messages[0], "_id": "m9"}),
        "has 2 messages petition-received, expected 1",
    ),
    "a message to a stranger": (
        lambda t: t.found.messages.append(_message("m9", "e", "stranger", "welcome")),
        "somebody unknown was told: stranger",
    ),
    "an inbox that hides one": (lambda t: t.inboxes[WEST].pop(), "shows 1 messages, the store"),
    "a message without words": (lambda t: t.inboxes[TU][0].update(body=""), "has no words"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_seen(told: Told, planted: str) -> None:
    plant, expected = PLANTED[planted]
    plant(told)
    differences = told.differences()
    assert any(expected in line for line in differences), differences


def test_who_was_told_once_is_counted(told: Told) -> None:
    event = f"petitions/{STREAM}/1/0"
    assert verdict.check_told_once(told.found, {event: TU}) == []
    assert verdict.check_told_once(told.found, {event: WEST}) == [
        f"{WEST} was told 0 times of {event}, expected once"
    ]


METRICS = """\
# TYPE jinlin_commands_total counter
jinlin_commands_total{service="petitions",aggregate="petition",verb="file",outcome="done"} 8.0
jinlin_commands_total{service="petitions",aggregate="petition",verb="take",outcome="done"} 2.0
jinlin_commands_total{service="petitions",aggregate="petition",verb="take",outcome="rejected"} 1.0
# TYPE jinlin_commit_batch_size histogram
jinlin_commit_batch_size_bucket{service="petitions",le="+Inf"} 4.0
jinlin_commit_batch_size_count{service="petitions"} 4.0
jinlin_commit_batch_size_sum{service="petitions"} 10.0
# TYPE jinlin_relay_published_total counter
jinlin_relay_published_total{service="petitions"} 30.0
# TYPE jinlin_consumer_lag gauge
jinlin_consumer_lag{service="petitions",topic="t",partition="0"} 3.0
jinlin_consumer_lag{service="petitions",topic="t",partition="1"} 4.0
# TYPE jinlin_dead_letters_total counter
jinlin_dead_letters_total{service="petitions"} 1.0
"""


def test_figures_are_read_and_held_against_what_was_done() -> None:
    found = read(METRICS)
    assert found.commands == {"done": 10, "rejected": 1}
    assert (found.batch_size, found.published, found.waiting) == (2.5, 30, 7)
    none = {name: Figures() for name in SERVICES}
    after = {**none, "petitions": found}
    assert (
        figures.differences(none, {**after, "petitions": replace(found, dead_letters=0)}, 10, 30)
        == []
    )
    assert len(figures.differences(none, after, 11, 31)) == 3


def test_figures_of_two_processes_are_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one for requests tells of commands, the other one of what is published."""
    cut = METRICS.index("# TYPE jinlin_relay")
    told = {"http://door/metrics": METRICS[:cut], "http://work/metrics": METRICS[cut:]}

    def get(url: str, **_: Any) -> httpx.Response:
        return httpx.Response(200, text=told[url], request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", get)
    monkeypatch.setenv("JINLIN_PETITIONS_URL", "http://door")
    monkeypatch.setenv("JINLIN_PETITIONS_WORK_URL", "http://work")
    assert figures_of(*processes("petitions")) == read(METRICS)
