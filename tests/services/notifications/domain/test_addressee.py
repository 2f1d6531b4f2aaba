"""Addressees: an inbox is closed for who was erased, and opened when they come back."""

from services.notifications.domain.addressee import (
    CloseInbox,
    InboxClosed,
    InboxOpened,
    OpenInbox,
    addressee,
)
from shared.runtime.aggregate import Tick
from tests.given import given


def test_an_inbox_is_closed_once_and_opened_again() -> None:
    given(addressee).when(OpenInbox()).then()
    closed = given(addressee).when(CloseInbox()).then(InboxClosed())
    closed.when(CloseInbox()).then()
    closed.when(Tick()).then()
    closed.when(OpenInbox()).then(InboxOpened()).when(OpenInbox()).then()
