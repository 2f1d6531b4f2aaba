"""Real messages instead of the demo's own: all filed through HTTP, those with a reply answered with
it, and counts that add up.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import figures, verdict
from deploy.demo.callers import Callers
from deploy.demo.evidence import Doc, Published, Stores, Topic, published_of, stream
from deploy.demo.filing import IMPORTER, Letter, Sent, send_all
from deploy.demo.messages import FILES, Message, read_messages
from deploy.demo.replies import ANSWERED, HOLLOW, answer_all, answered, check_told
from deploy.demo.stage import neighbourhoods, plant, raise_stack
from deploy.demo.telling import Teller
from services.petitions.rules import SHIPPED, load_rules

MOST_TOLD = 20
"""Differences of one kind that are told one by one."""


def show_messages(folder: Path, teller: Teller) -> list[str]:
    """Files every message of the folder; the differences between what was told and what is.

    Raises LocalError where the folder cannot be read or the stack does not run.
    """
    teller.heading("消息 · The messages")
    messages = read_messages(folder, load_rules(SHIPPED))
    counted = Counter(message.key.partition("/")[0] for message in messages)
    read = ", ".join(f"{counted[Path(name).stem]:,} of {name}" for name in FILES)
    teller.say(f"{len(messages):,} rows read: {read}")
    teller.heading("舞台 · The stage: MongoDB, Kafka, the issuer, the services")
    raise_stack(SHIPPED.resolve(), teller.say)
    with Callers() as callers, Stores() as stores:
        planted = plant(callers, stores, None)
        teller.say(f"{planted.places} places and {planted.posts} posts imported")
        before = figures.figures()
        teller.heading("受理 · POST /petitions, 64 at once")
        already = _stored(stores)
        filed = _file(messages, callers.token(IMPORTER), teller)
        fresh = _stored(stores) - already
        teller.say(
            f"{len(filed.outcomes):,} accepted in {filed.seconds:.1f} s "
            f"({len(filed.outcomes) / filed.seconds:,.0f} per second), {fresh:,} of them new, "
            f"{len(filed.outcomes) - fresh:,} filed by an earlier run"
        )
        differences = _verify(messages, filed, fresh, stores, teller, before)
        return differences or _answer(messages, filed, callers, stores, teller)


def _stored(stores: Stores) -> int:
    return stores.of("petitions")["state_petition"].count_documents({})


def _file(messages: Sequence[Message], token: str, teller: Teller) -> Sent:
    places = neighbourhoods()
    letters = (
        Letter(message.key, message.where, "/petitions", message.as_petition(places), token)
        for message in messages
    )
    with _bar(teller) as bar:
        task = bar.add_task("filing", total=len(messages))
        return send_all(letters, lambda: bar.advance(task))


def _bar(teller: Teller) -> Progress:
    return Progress(
        TextColumn("  {task.description}"),
        BarColumn(bar_width=60),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=teller.console,
    )


def _ids(filed: Sent) -> dict[str, str]:
    """The petitions by the messages' keys."""
    return {key: str(outcome["id"]) for key, outcome in filed.outcomes.items()}


def _answer(
    messages: Sequence[Message], filed: Sent, callers: Callers, stores: Stores, teller: Teller
) -> list[str]:
    """The replies as answers: those that say nothing are refused, and counted."""
    replied = [message for message in messages if message.reply]
    if not replied:
        return []
    teller.heading("答复 · POST /petitions/{id}/answer, with the real replies")
    ids = _ids(filed)
    with _bar(teller) as bar:
        task = bar.add_task("answering", total=len(replied))
        sent = answer_all(replied, ids, callers, stores, lambda: bar.advance(task))
    published = answered(stores, sent)
    topic = Topic("petitions")
    try:
        with teller.console.status("waiting until every event is published and handled"):
            verdict.wait_until_told(published, topic)
    finally:
        topic.close()
    told = stores.messages({stream(ids[message.key]) for message in replied})
    events = sum(event.type.endswith(ANSWERED) for event in published)
    teller.rows(
        ("数目 count", "此处 here", "应有 expected"),
        [
            _row("原答复 replies", len(sent.outcomes) + len(sent.turned_down), len(replied)),
            _row("答复事件 PetitionAnswered", events, len(sent.outcomes)),
        ],
    )
    share = len(sent.turned_down) / len(replied)
    teller.say(
        f"{len(sent.turned_down):,} of them ({share:.1%}) were refused as {HOLLOW}: they say only "
        "that it was passed on or will be looked at, so the clock goes on"
    )
    differences = list(sent.refusals)
    if events != len(sent.outcomes):
        differences.append(f"{len(sent.outcomes) - events} answers are no PetitionAnswered")
    return differences + _few(check_told(published, told))


def _verify(
    messages: Sequence[Message],
    filed: Sent,
    fresh: int,
    stores: Stores,
    teller: Teller,
    before: Mapping[str, figures.Figures],
) -> list[str]:
    teller.heading("送达 · Routed to whom it concerns, and all told")
    began = time.monotonic()
    ids = set(_ids(filed).values())
    commits = stores.first_commits(ids)
    published = published_of("petitions", commits.values())
    topic = Topic("petitions")
    try:
        with teller.console.status("waiting until every event is published and handled"):
            verdict.wait_until_told(published, topic)
        teller.say(f"all published and handled {time.monotonic() - began:.1f} s later")
        streams = {stream(id) for id in ids}
        found = verdict.Found(
            {stream(id): [commit] for id, commit in commits.items()},
            published,
            topic.name,
            topic.events,
            stores.messages(streams),
        )
    finally:
        topic.close()
    expected, told = _expected_messages(commits), _told(found, published)
    states = stores.petitions(ids)
    described = stores.dossier_entries("PetitionDescribed", ids)
    in_topic = sum(event.id in topic.events for event in published)
    filed_events = sum(event.type.endswith(".PetitionFiled.v1") for event in published)
    assigned = sum(event.type.endswith(".PetitionAssigned.v1") for event in published)
    teller.rows(
        ("数目 count", "此处 here", "应有 expected"),
        [
            _row("读到的行 rows read", len(messages), len(messages)),
            _row("已受理 accepted", len(filed.outcomes), len(messages)),
            _row("诉求 petitions (ids, each once)", len(ids), len(messages)),
            _row("提交 commits that filed them", len(commits), len(messages)),
            _row("状态 states", len(states), len(messages)),
            _row("原文 texts in dossiers", len(described), len(messages)),
            _row("PetitionFiled", filed_events, len(messages)),
            _row("有专人 with somebody assigned", assigned, len(messages)),
            _row("主题中的事件 events in the topic", in_topic, len(published)),
            _row("消息 messages stored", told.total(), expected.total()),
        ],
    )
    after = figures.figures()
    teller.heading("数字 · The figures of /metrics, since each service was started")
    teller.rows(figures.HEADINGS, figures.as_rows(after))
    differences = list(filed.refusals)
    differences += _few(_check_rows(messages, filed, commits, states, described))
    differences += _few(verdict.check_topic(found))
    differences += _few(
        f"{who} was told {told[event, who, kind]} times {kind} of {event}, "
        f"expected {expected[event, who, kind]}"
        for event, who, kind in sorted(told.keys() | expected.keys())
        if told[event, who, kind] != expected[event, who, kind]
    )
    if assigned != len(messages):
        differences.append(f"{len(messages) - assigned} petitions have nobody who is assigned")
    return differences + figures.differences(before, after, fresh, fresh)


def _row(what: str, here: int, expected: int) -> list[str]:
    return [what, f"{here:,}", f"{expected:,}" if here == expected else f"{expected:,} ✗"]


def _few(differences: Any) -> list[str]:
    listed = list(differences)
    more = len(listed) - MOST_TOLD
    return [*listed[:MOST_TOLD], *([f"... and {more} more of this kind"] if more > 0 else [])]


def _expected_messages(commits: Mapping[str, Doc]) -> Counter[tuple[str, str, str]]:
    """Who must have been told of the filing, by event: the petitioner of its receipt and of who has
    it, the assignee of the new duty, those whom danger calls. Events of reports name no petitioner.
    """
    expected: Counter[tuple[str, str, str]] = Counter()
    for commit in commits.values():
        for n, event in enumerate(commit["events"]):
            id, data = f"petitions/{commit['_id']}/{n}", event.get("d") or {}
            petitioner = data.get("petitioner")
            if event["n"] == "PetitionFiled" and petitioner is not None:
                expected[id, petitioner, "petition-received"] += 1
            elif event["n"] == "PetitionAssigned":
                expected[id, data["assignee"], "duty-assigned"] += 1
                if petitioner is not None:
                    expected[id, petitioner, "petition-assigned"] += 1
            elif event["n"] == "PetitionAlarmed":
                expected.update((id, person, "danger") for person in data["called"])
    return expected


def _told(found: verdict.Found, published: Sequence[Published]) -> Counter[tuple[str, str, str]]:
    """Who was told what of these events, as stored; what happened to a petition later is left
    out."""
    events = {event.id for event in published}
    return Counter(
        (one["s"]["event"], one["s"]["recipient"], one["s"]["kind"])
        for one in found.messages
        if one["s"]["event"] in events
    )


def _check_rows(
    messages: Sequence[Message],
    filed: Sent,
    commits: Mapping[str, Doc],
    states: Mapping[str, Doc],
    described: Mapping[str, Doc],
) -> list[str]:
    """Every row is one petition of its own, as the row has it."""
    differences = []
    owners: dict[str, str] = {}
    ids = _ids(filed)
    for message in messages:
        id = ids.get(message.key)
        if id is None:
            differences.append(f"{message.where}: was not filed")
            continue
        if (other := owners.setdefault(id, message.where)) != message.where:
            differences.append(f"{message.where}: is the same petition as {other}: {id}")
        missing = [
            name
            for name, held in (("commit", commits), ("state", states), ("text", described))
            if id not in held
        ]
        if missing:
            differences.append(f"{message.where}: {id} has no {', no '.join(missing)}")
            continue
        cause, state, words = commits[id].get("cause"), states[id]["s"], described[id]
        if cause != f"{IMPORTER.sub}>{message.key}":
            differences.append(f"{message.where}: {id} was filed because of {cause}")
        if state["raised_at"] != message.raised_at:
            differences.append(f"{message.where}: {id} was raised at {state['raised_at']}")
        if (state["category"], state["petitioner"]) != (message.category, message.petitioner):
            differences.append(f"{message.where}: {id} has another category or petitioner")
        if (words["title"], words["text"]) != (message.subject, message.body):
            differences.append(f"{message.where}: {id} has other words")
    return differences
