"""The envelope: CloudEvents to the letter, tolerant of what is added, strict about nonsense."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.community import PlaceRegistered
from shared.contracts.envelope import (
    CONTENT_TYPE,
    MAX_REASON,
    Envelope,
    Unreadable,
    dataschema,
    dead_letter_topic,
    event_class,
    event_in,
    parse,
    public_events,
    topic,
    type_of,
)
from shared.contracts.event import Event, name_and_version
from shared.contracts.petitions import PetitionAnswered, PetitionFiled
from shared.contracts.types import PetitionKind, Urgency

NOON = datetime(2026, 3, 2, 4, 0, 0, 125_000, tzinfo=UTC)
FILED = Envelope(
    id="petitions/petition-p1/1/0",
    type="cn.jinlin.petitions.PetitionFiled.v1",
    source="/jinlin/petitions",
    subject="petition-p1",
    time=NOON,
    data={
        "petition": "p1",
        "kind": "complaint",
        "category": "drainage",
        "urgency": "normal",
        "channel": "web",
        "place": "n7",
        "path": ["d1", "n7"],
        "petitioner": None,
        "raised_at": "2026-03-01T12:04:00Z",
    },
    sequence=1,
    correlationid="c1",
    causationid="request/c1",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)


def message(**changes: Any) -> bytes:
    """The envelope above with other attributes; None leaves one out."""
    raw = {**json.loads(FILED.to_bytes()), **changes}
    return json.dumps({key: value for key, value in raw.items() if value is not None}).encode()


def refusal(text: bytes | str) -> str:
    with pytest.raises(Unreadable) as refused:
        parse(text)
    return str(refused.value)


# --- CloudEvents, as its own SDK sees it ------------------------------------------------------


def test_the_sdk_reads_what_we_write() -> None:
    read = JSONFormat().read(None, FILED.to_bytes())

    assert read.get_attributes() == {
        "specversion": "1.0",
        "id": FILED.id,
        "source": FILED.source,
        "type": FILED.type,
        "subject": FILED.subject,
        "time": NOON,
        "datacontenttype": "application/json",
        "dataschema": "urn:jinlin:schema:petitions.PetitionFiled.v1",
        "sequence": "00000000000000000001",
        "partitionkey": FILED.subject,
        "correlationid": FILED.correlationid,
        "causationid": FILED.causationid,
        "traceparent": FILED.traceparent,
    }
    assert read.get_data() == FILED.data


def test_the_sdk_reads_it_as_a_kafka_message_too() -> None:
    received = KafkaMessage(
        headers={"content-type": CONTENT_TYPE.encode()},
        key=FILED.subject.encode(),
        value=FILED.to_bytes(),
    )
    assert from_structured_event(received).get_id() == FILED.id


def test_we_read_what_the_sdk_writes() -> None:
    attributes = json.loads(FILED.to_bytes())
    data = attributes.pop("data")
    event = CloudEvent({**attributes, "time": NOON}, data)

    assert parse(JSONFormat().write(event)) == FILED
    assert parse(to_structured_event(event).value) == FILED


def test_attributes_that_are_not_there_are_left_out_instead_of_null() -> None:
    raw = json.loads(
        Envelope(
            id="a/b/1/0",
            type="t",
            source="s",
            subject="b",
            time=NOON,
            data={},
            sequence=1,
            correlationid="c",
        ).to_bytes()
    )
    assert not {"causationid", "traceparent"} & raw.keys()


def test_sequences_sort_as_text() -> None:
    sequences = [
        json.loads(Envelope("i", "t", "s", "b", NOON, {}, sequence, correlationid="c").to_bytes())[
            "sequence"
        ]
        for sequence in (9, 10, 99, 100, 12_345)
    ]
    assert sequences == sorted(sequences)


# --- names ------------------------------------------------------------------------------------


def test_types_topics_and_schemas_have_their_names() -> None:
    assert type_of(PetitionFiled) == "cn.jinlin.petitions.PetitionFiled.v1"
    assert type_of(PlaceRegistered) == "cn.jinlin.community.PlaceRegistered.v1"
    assert topic("petitions") == "petitions.events.v1"
    assert dead_letter_topic("notifications") == "notifications.dlq.v1"
    assert dataschema(type_of(PetitionFiled)) == "urn:jinlin:schema:petitions.PetitionFiled.v1"


def test_a_version_is_read_from_the_name_of_the_class() -> None:
    class PetitionFiledV2(Event): ...

    class PetitionFiledV12(Event): ...

    assert name_and_version(PetitionFiled) == ("PetitionFiled", 1)
    assert name_and_version(PetitionFiledV2) == ("PetitionFiled", 2)
    assert name_and_version(PetitionFiledV12) == ("PetitionFiled", 12)


def test_a_private_event_has_no_public_type() -> None:
    class NoteTaken(Event): ...

    with pytest.raises(ValueError, match="NoteTaken is private"):
        type_of(NoteTaken)


@pytest.mark.parametrize(
    "type",
    [
        "cn.jinlin.petitions.PetitionVanished.v1",
        "cn.jinlin.petitions.PetitionFiled.v999",
        "cn.jinlin.waterworks.PipeBurst.v1",
        "cn.jinlin.os.PetitionFiled.v1",
        "cn.jinlin.petitions.PetitionFiled.v1\n",
        "com.example.order",
    ],
)
def test_an_unknown_type_is_no_error(type: str) -> None:
    assert event_class(type) is None


def test_every_public_class_is_found_by_its_type() -> None:
    for type, cls in public_events("petitions").items():
        assert event_class(type) is cls


# --- tolerant of what is added ----------------------------------------------------------------


def test_added_attributes_and_fields_are_passed_over() -> None:
    grown = {**FILED.data, "mood": "cross", "lines": [{"deep": 1}]}
    envelope = parse(message(data=grown, newattribute="x"))

    assert event_in(envelope) == PetitionFiled(
        petition="p1",
        kind=PetitionKind.COMPLAINT,
        category="drainage",
        urgency=Urgency.NORMAL,
        channel="web",
        place="n7",
        path=("d1", "n7"),
        petitioner=None,
        raised_at=datetime(2026, 3, 1, 12, 4, tzinfo=UTC),
    )


def test_an_event_of_an_unknown_type_is_none() -> None:
    assert (
        event_in(parse(message(type="cn.jinlin.petitions.PetitionSung.v1", data={"a": 1}))) is None
    )


def test_a_time_with_another_offset_is_the_same_moment() -> None:
    assert parse(message(time="2026-03-02T12:00:00.125+08:00")).time == NOON


# --- strict about nonsense --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ("\ud800", "not JSON"),
        (b"null", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"{}", "no specversion"),
        (message(specversion="0.3"), "specversion '0.3'"),
        (message(specversion=1.0), "no specversion '1.0'"),
        (message(id=None), "`id`"),
        (message(id=""), "$.id"),
        (message(id=7), "$.id"),
        (message(id="a\nb"), "$.id"),
        (message(id="a\n"), "$.id"),
        (message(id="x" * 2000), "$.id"),
        (message(subject=None), "`subject`"),
        (message(source={}), "$.source"),
        (message(type=[]), "$.type"),
        (message(correlationid=None), "`correlationid`"),
        (message(time=None), "`time`"),
        (message(time="yesterday"), "$.time"),
        (message(time=1_772_414_100), "$.time"),
        (message(time="2026-03-02T04:00:00"), "no offset"),
        (message(sequence=None), "`sequence`"),
        (message(sequence=1), "`sequence`"),
        (message(sequence="-1"), "`sequence`"),
        (message(sequence="1_0"), "`sequence`"),
        (message(sequence="１"), "`sequence`"),
        (message(sequence="9" * 5000), "`sequence`"),
        (message(data=None), "`data`"),
        (message(data="text"), "$.data"),
    ],
)
def test_nonsense_is_refused_with_the_reason(text: bytes | str, reason: str) -> None:
    assert reason in refusal(text)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "grudge"}, "$.kind"),
        ({"petition": None}, "$.petition"),
        ({"path": "n7"}, "$.path"),
        ({"raised_at": "2026-03-01T12:04:00"}, "`raised_at` has no offset"),
        ({"raised_at": 5}, "$.raised_at"),
    ],
)
def test_data_that_do_not_fit_their_type_are_refused(changes: dict[str, Any], reason: str) -> None:
    envelope = parse(message(data={**FILED.data, **changes}))
    with pytest.raises(Unreadable) as refused:
        event_in(envelope)
    assert reason in str(refused.value)
    assert FILED.type in str(refused.value)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Unreadable, match="`petition`"):
        event_in(parse(message(data={})))


def test_the_reason_stays_small_however_large_the_message() -> None:
    assert len(refusal(message(specversion="9" * 500_000))) == MAX_REASON
    with pytest.raises(Unreadable) as refused:
        event_in(parse(message(data={**FILED.data, "kind": "k" * 500_000})))
    assert len(str(refused.value)) <= MAX_REASON


def test_deep_nesting_is_refused_or_passed_over() -> None:
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    nested = message(data={"petition": "@"}).replace(b'{"petition": "@"}', deep)
    with pytest.raises(Unreadable):
        event_in(parse(nested))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def read_whatever(text: bytes | str) -> None:
    """Either an event comes out, or None, or `Unreadable`: anything else fails the test."""
    try:
        event_in(parse(text))
    except Unreadable:
        pass


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes | str) -> None:
    read_whatever(text)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    read_whatever(json.dumps(value))


ATTRIBUTES = sorted(json.loads(FILED.to_bytes()))
FIELDS = sorted(FILED.data)


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), json_values, max_size=3))
def test_an_envelope_with_damaged_attributes_is_read_or_refused(damage: dict[str, Any]) -> None:
    read_whatever(json.dumps({**json.loads(FILED.to_bytes()), **damage}))


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1, max_size=3))
def test_damaged_data_are_read_or_refused(damage: dict[str, Any]) -> None:
    read_whatever(message(data={**FILED.data, **damage}))


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 1, 1)),
    st.integers(min_value=0, max_value=10**18),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60),
)
def test_what_is_written_is_read_back(moment: datetime, sequence: int, word: str) -> None:
    time = moment.replace(tzinfo=UTC) - timedelta(microseconds=moment.microsecond % 1000)
    envelope = Envelope(
        id=word,
        type=type_of(PetitionAnswered),
        source="/jinlin/petitions",
        subject=word,
        time=time,
        data={"word": word},
        sequence=sequence,
        correlationid=word,
        causationid=word,
    )
    assert parse(envelope.to_bytes()) == envelope
    assert envelope.service == "petitions"
