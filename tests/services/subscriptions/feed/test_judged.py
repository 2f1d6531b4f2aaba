"""Every public event was judged, and every one that is fed lies somewhere, or is known to lie
nowhere.
"""

import json
from collections import defaultdict

from services.subscriptions.judged import FED, NOT_FED
from services.subscriptions.reactions.feed import (
    BELONGING,
    TELLING,
    path_in,
    place_in,
    streams_of,
)
from shared.contracts.envelope import event_in, parse, type_of
from shared.contracts.event import Event
from shared.contracts.files import HERE, contracts, sample_file

NOWHERE = {
    "categories, points and services are the whole city's": {
        "CategoryDefined",
        "CategoryRetired",
        "CategoryRevised",
        "CategoryRevisionCalledOff",
        "PointRulesRevised",
        "PointRulesRevisionCalledOff",
        "ServiceChangeCalledOff",
        "ServiceDefined",
        "ServiceRetired",
        "ServiceRevised",
    },
    "a certificate goes where its holder goes": {
        "CertificateIssued",
        "CertificateWithdrawn",
        "CredentialExpired",
        "CredentialIssued",
        "CredentialRevoked",
    },
    "the log is everybody's": {"EntriesSealed", "LogKeyFollowed", "TreeHeadSigned"},
    "who was erased is nowhere any more": {"ResidentErased"},
    "a webhook is a system's": {"WebhookDisabled"},
}


def sample(event: type[Event]) -> tuple[Event, str]:
    """An event as its golden sample has it, and its stream."""
    envelope = parse(sample_file(HERE, type_of(event)).read_bytes())
    found = event_in(envelope)
    assert found is not None
    return found, envelope.subject


def kind_of(event: type[Event]) -> str:
    """The kind of an event's stream: what stands before the id that is among its data."""
    said = json.loads(sample_file(HERE, type_of(event)).read_text(encoding="utf-8"))
    stream = said["subject"]
    fields = said["data"].values()
    ids = [value for value in fields if isinstance(value, str) and stream.endswith(value)]
    return stream.removesuffix("-" + max(ids, key=len)) if ids else stream


def test_every_public_event_was_judged_once() -> None:
    every = set(contracts().values())
    unjudged = sorted(type_of(event) for event in every - set(FED) - set(NOT_FED))
    assert unjudged == [], "say in services/subscriptions/fed.yaml whether they are fed"
    assert len(FED) == len(set(FED))
    assert not set(FED) & set(NOT_FED)


def test_what_is_not_fed_has_a_reason() -> None:
    assert all(reason.strip() for reason in NOT_FED.values())


def test_every_event_that_is_fed_lies_somewhere() -> None:
    told: defaultdict[str, set[str]] = defaultdict(set)
    for event in TELLING:
        told[kind_of(event)].add(event.__name__)
    listed = set().union(*NOWHERE.values())
    lost = set()
    for event in FED:
        found, stream = sample(event)
        if path_in(found) or place_in(found) or kind_of(event) in told:
            assert event.__name__ not in listed
            continue
        if len(streams_of(found, stream)) > 1 and told.keys() & set(BELONGING):
            continue
        lost.add(event.__name__)
    assert lost == listed, "in TELLING stands what tells where a stream lies"


def test_what_tells_where_a_stream_lies_does_so() -> None:
    assert set(FED) >= TELLING
    for event in TELLING:
        found, _ = sample(event)
        assert path_in(found) or place_in(found)
