"""The checker sees each broken promise: what a good run left behind is damaged in one place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.runtime.journal import Commit
from tests.chaos.checker import Acknowledged, Evidence, Message, Refused
from tests.simulation.simulation import Aftermath, live_through

Damage = Callable[[Aftermath], Aftermath]


@pytest.fixture(scope="module")
def left() -> Aftermath:
    """A run with a petition, its messages and its deadlines."""
    return live_through(9)


def on(service: str, damage: Callable[[Evidence], Evidence]) -> Damage:
    """Damages one service's evidence."""
    return lambda left: replace(
        left, evidence=[damage(e) if e.service == service else e for e in left.evidence]
    )


def of_clients(commits: list[Commit]) -> list[Commit]:
    return [commit for commit in commits if commit.version > 1 and commit.causation is None]


def without_an_acknowledged_commit(left: Aftermath) -> Aftermath:
    told = next(
        t for t in reversed(left.told) if isinstance(t, Acknowledged) and not t.perhaps_idle
    )
    lose = on(
        told.service,
        lambda e: replace(e, commits=[c for c in e.commits if c.cause != told.cause]),
    )
    return lose(left)


def with_a_refused_one_done(left: Aftermath) -> Aftermath:
    done = next(t for t in left.told if isinstance(t, Acknowledged))
    return replace(left, told=[*left.told, Refused(done.service, done.cause)])


def with_a_cause_twice(e: Evidence) -> Evidence:
    last = next(c for c in reversed(e.commits) if c.version > 0 and c.cause is not None)
    return replace(e, commits=[*e.commits, replace(last, version=last.version + 1)])


def with_a_hole(e: Evidence) -> Evidence:
    lost = of_clients(list(e.commits))[0]
    return replace(e, commits=[c for c in e.commits if c is not lost])


def without_a_message(e: Evidence) -> Evidence:
    lost = e.messages[0].value
    return replace(e, messages=[m for m in e.messages if m.value != lost])


def out_of_order(e: Evidence) -> Evidence:
    return replace(e, messages=list(reversed(e.messages)))


def with_another_content(e: Evidence) -> Evidence:
    first = e.messages[0]
    changed = Message(first.key, first.value.replace(b'"web"', b'"hotline"', 1))
    changed = changed if changed != first else Message(first.key, b"{}")
    return replace(e, messages=[changed, *e.messages[1:]])


def without_an_effect(e: Evidence) -> Evidence:
    lost = next(c for c in e.commits if c.causation is not None and c.stream.startswith("message-"))
    return replace(e, commits=[c for c in e.commits if c is not lost])


def with_a_second_message(e: Evidence) -> Evidence:
    first = next(c for c in e.commits if c.verb == "post")
    again = replace(first, stream="message-again", cause=f"{first.cause}-again")
    return replace(e, commits=[*e.commits, again])


def with_another_state(e: Evidence) -> Evidence:
    first = e.states["petition"][0]
    wrong = replace(first, state={**first.state, "reopened": 7})
    return replace(e, states={**e.states, "petition": [wrong, *e.states["petition"][1:]]})


def with_a_forgotten_due_time(e: Evidence) -> Evidence:
    states = [replace(s, due=None) for s in e.states["petition"]]
    return replace(e, states={**e.states, "petition": states})


def long_asleep(left: Aftermath) -> Aftermath:
    return replace(left, ended=left.ended + timedelta(days=3000))


def early_ticks(e: Evidence) -> Evidence:
    day = timedelta(days=100)
    return replace(
        e, commits=[replace(c, at=c.at - day) if c.verb == "tick" else c for c in e.commits]
    )


def told_in_a_log(left: Aftermath) -> Aftermath:
    return replace(left, lines=[*left.lines, f"somebody called {left.personal[0]}"])


def told_in_a_topic(left: Aftermath) -> Aftermath:
    def tell(e: Evidence) -> Evidence:
        return replace(e, messages=[*e.messages, Message(None, left.personal[-1].encode())])

    return on("petitions", tell)(left)


DAMAGES: dict[str, tuple[int, Damage]] = {
    "is in no commit": (1, without_an_acknowledged_commit),
    "was refused and is": (1, with_a_refused_one_done),
    "had effect twice": (1, on("petitions", with_a_cause_twice)),
    "has the versions": (1, on("petitions", with_a_hole)),
    "is earlier than the one before": (1, on("petitions", early_ticks)),
    "was never published": (2, on("petitions", without_a_message)),
    "was published out of order": (2, on("petitions", out_of_order)),
    "unreadable": (2, on("community", with_another_content)),
    "no effect of": (2, on("notifications", without_an_effect)),
    "an effect without its event": (2, on("notifications", with_a_second_message)),
    "was told 0 times": (2, on("notifications", without_an_effect)),
    "was told 2 times": (2, on("notifications", with_a_second_message)),
    "is not the fold": (3, on("petitions", with_another_state)),
    "stored is None": (3, on("petitions", with_a_forgotten_due_time)),
    "nothing happened by": (3, long_asleep),
    "was acted on at": (3, on("petitions", early_ticks)),
    "a log line tells": (4, told_in_a_log),
    "petitions's topic tells": (4, told_in_a_topic),
}


def test_what_is_whole_has_no_violations(left: Aftermath) -> None:
    assert left.violations() == []


@pytest.mark.parametrize("trace", DAMAGES)
def test_damage_is_seen(left: Aftermath, trace: str) -> None:
    invariant, damage = DAMAGES[trace]
    seen = damage(left).violations()
    assert any(v.invariant == invariant and trace in v.text for v in seen), seen[:5]
