"""A message: told once, read by its recipient only, without any text."""

from datetime import timedelta

import pytest

from services.notifications.domain.message import (
    MAX_PARAM_LENGTH,
    MAX_PARAMS,
    Circumstances,
    Forget,
    Message,
    MessageForgotten,
    MessageWorded,
    Post,
    Read,
    message,
    message_id,
)
from shared.contracts.notifications import MessagePosted, MessageRead
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

EVENT = "petitions/petition-p1/3/0"
ID = message_id(EVENT, "wang", "petition-taken")
POST = Post("wang", "petition-taken", {"petition": "p1"}, "petition-p1", EVENT)
POSTED = MessagePosted(ID, "wang", "petition-taken", "petition-p1", EVENT)
WORDED = MessageWorded("petition-taken", {"petition": "p1"}, NOW)


def test_a_message_is_posted_once_however_often_it_is_told() -> None:
    given(message).when(POST).then(POSTED, WORDED).when(POST, at=NOW + timedelta(days=1)).then()


def test_its_id_follows_from_event_person_and_kind() -> None:
    assert message_id(EVENT, "wang", "petition-taken") == ID
    others = {
        ID,
        message_id("petitions/petition-p1/4/0", "wang", "petition-taken"),
        message_id(EVENT, "lin", "petition-taken"),
        message_id(EVENT, "wang", "petition-closed"),
    }
    assert len(others) == 4
    assert all(len(id) == 32 for id in others)


def test_the_recipient_reads_it_once() -> None:
    given(message, POSTED, WORDED).when(Read("wang")).then(MessageRead(ID, "wang")).when(
        Read("wang")
    ).then()


def test_nobody_else_reads_it() -> None:
    given(message, POSTED, WORDED).when(Read("lin")).then_rejected("not-yours")
    given(message).when(Read("lin")).then_rejected("not-yours")


@pytest.mark.parametrize(
    "params",
    [{"text": "字" * (MAX_PARAM_LENGTH + 1)}, {f"p{n}": "" for n in range(MAX_PARAMS + 1)}],
)
def test_a_message_has_no_room_for_texts(params: dict[str, str]) -> None:
    wordy = Post("wang", "petition-taken", params, "petition-p1", EVENT)
    given(message).when(wordy).then_rejected("too-wordy")


def test_what_others_are_told_says_nothing_of_the_content() -> None:
    assert set(MessagePosted.__dataclass_fields__) == {
        "message",
        "recipient",
        "kind",
        "about",
        "event",
    }


def test_a_forgotten_message_leaves_nothing_and_is_never_posted_again() -> None:
    for past in ((POSTED, WORDED), (POSTED, WORDED, MessageRead(ID, "wang"))):
        gone = given(message, *past).when(Forget()).then(MessageForgotten())
        assert gone.state == Message(forgotten=True)
        gone.when(POST).then()
        gone.when(Forget()).then()
        gone.when(Read("wang")).then_rejected("not-yours")
    assert MessageForgotten.forgets


def test_nothing_is_posted_to_who_was_erased() -> None:
    given(message).when(POST, facts=Circumstances(closed=True)).then()
    given(message).when(POST, facts=Circumstances()).then(POSTED, WORDED)
