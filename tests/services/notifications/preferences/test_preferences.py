"""Preferences: what a person says, what an import may not take back, and what time brings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.kinds import Topic
from services.notifications.domain.preferences.address_commands import (
    AskCode,
    ConfirmAddress,
    GiveEmail,
    GivePhone,
    GivePush,
    ImportAddress,
    MarkBad,
    RemoveAddress,
    Unsubscribe,
)
from services.notifications.domain.preferences.addresses import (
    CODE_GOOD_FOR,
    MOST_TURNS,
    SOON_AGAIN,
    AddressConfirmed,
    AddressRecorded,
    AddressRemoved,
    AddressWentBad,
    ConsentGiven,
    EmailGiven,
    PhoneGiven,
    PushGiven,
)
from services.notifications.domain.preferences.choices import (
    MOST_MUTED,
    CaseMuted,
    CaseUnmuted,
    ChooseLanguage,
    ChooseWays,
    DigestSet,
    LanguageChosen,
    MuteCase,
    QuietHoursSet,
    ResumeWay,
    SetDigest,
    SetQuietHours,
    StopWay,
    UnmuteCase,
    WayResumed,
    WaysChosen,
    WayStopped,
)
from services.notifications.domain.preferences.preferences import (
    ForgetPreferences,
    OpenPreferences,
    PreferencesForgotten,
    PreferencesOpened,
    due,
    preferences,
)
from services.notifications.domain.preferences.state import (
    Every,
    GivenBy,
    Preferences,
    Surroundings,
    Tongue,
)
from services.notifications.domain.ways import Way
from shared.contracts.event import Event
from shared.contracts.notifications import AddressCodeAsked, AddressWay, DigestDue
from shared.runtime.aggregate import Tick
from tests.given import Given, given

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
OPENED = PreferencesOpened("wang")
EMAIL = (
    EmailGiven("wang@example.com"),
    AddressRecorded(Way.EMAIL, GivenBy.PERSON, False),
    ConsentGiven(Way.EMAIL, "2026-01", NOON, "wang"),
    AddressCodeAsked("wang", AddressWay.EMAIL, 1, NOON + CODE_GOOD_FOR),
)
CONFIRMED = (*EMAIL, AddressConfirmed(Way.EMAIL))
FITS = Surroundings(fits=True)


def imported(
    way: Way = Way.EMAIL, address: str = "old@example.com", unsubscribed: bool = False
) -> ImportAddress:
    return ImportAddress("wang", way, address, "hotline-1", NOON, unsubscribed, "admin")


def wang(*events: Event) -> Given[Preferences]:
    return given(preferences, OPENED, *events)


def test_they_are_opened_once() -> None:
    given(preferences).when(OpenPreferences("wang")).then(OPENED).when(
        OpenPreferences("wang")
    ).then()


def test_nothing_is_said_before_they_are_opened_and_nobody_erased_opens_them() -> None:
    given(preferences).when(ChooseLanguage(Tongue.HANT)).then_rejected("no-preferences")
    erased = Surroundings(closed=True)
    given(preferences).when(OpenPreferences("wang"), facts=erased).then_rejected("inbox-closed")


def test_choices_are_kept_and_said_once() -> None:
    chosen = wang()
    for command, event in (
        (ChooseLanguage(Tongue.HANT), LanguageChosen(Tongue.HANT)),
        (
            ChooseWays(Topic.PETITIONS, (Way.SMS, Way.SMS)),
            WaysChosen(Topic.PETITIONS, (Way.SMS,)),
        ),
        (StopWay(Way.PUSH), WayStopped(Way.PUSH, "asked")),
        (SetQuietHours("21:30", "06:00"), QuietHoursSet(21 * 60 + 30, 360)),
        (SetDigest(Every.WEEKLY, "09:00", 5), DigestSet(Every.WEEKLY, 540, 5, NOON)),
        (MuteCase("petition-p1"), CaseMuted("petition-p1")),
    ):
        chosen = chosen.when(command, at=NOON).then(event).when(command, at=LATER).then()
    state = chosen.state
    assert state.language is Tongue.HANT
    assert state.ways == {Topic.PETITIONS: (Way.SMS,)}
    assert (state.stopped, state.muted) == ((Way.PUSH,), ("petition-p1",))
    back = chosen.when(ResumeWay(Way.PUSH)).then(WayResumed(Way.PUSH))
    back.when(UnmuteCase("petition-p1")).then(CaseUnmuted("petition-p1")).when(
        UnmuteCase("petition-p1")
    ).then()


def test_quiet_hours_have_an_end_and_may_be_none() -> None:
    wang().when(SetQuietHours("20:00", "08:01")).then_rejected("quiet-too-long")
    wang().when(SetQuietHours("20:00", "08:00")).then(QuietHoursSet(1200, 480))
    wang().when(SetQuietHours("08:00", "08:00")).then(QuietHoursSet(480, 480))


def test_so_many_cases_are_muted_at_most() -> None:
    full = wang(*(CaseMuted(f"petition-{n}") for n in range(MOST_MUTED)))
    full.when(MuteCase("petition-new")).then_rejected("too-many-muted")
    full.when(MuteCase("petition-1")).then()


# --- addresses ------------------------------------------------------------------------------------


def test_an_address_is_used_once_its_code_was_given_back() -> None:
    asked = wang().when(GiveEmail("wang@example.com", "2026-01"), at=NOON).then(*EMAIL)
    assert not asked.state.reached_by(Way.EMAIL)
    confirm = ConfirmAddress(AddressWay.EMAIL, "042517")
    asked.when(confirm, at=LATER).then_rejected("wrong-code")
    asked.when(confirm, at=LATER, facts=Surroundings(locked_for=9)).then_rejected("code-locked")
    asked.when(confirm, at=NOON + CODE_GOOD_FOR, facts=FITS).then_rejected("code-too-old")
    done = asked.when(confirm, at=LATER, facts=FITS).then(AddressConfirmed(Way.EMAIL))
    assert done.state.reached_by(Way.EMAIL)
    assert done.state.consents[Way.EMAIL].wording == "2026-01"
    done.when(confirm, at=LATER, facts=FITS).then_rejected("confirmed-already")
    done.when(AskCode(AddressWay.EMAIL), at=LATER).then_rejected("confirmed-already")


def test_codes_are_asked_for_one_a_minute_and_not_for_ever() -> None:
    wang().when(AskCode(AddressWay.SMS)).then_rejected("no-address")
    asked = wang(*EMAIL)
    asked.when(AskCode(AddressWay.EMAIL), at=NOON).then_rejected("code-just-sent")
    again = GiveEmail("other@example.com", "2026-01")
    asked.when(again, at=NOON + timedelta(seconds=59)).then_rejected("code-just-sent")
    second = AddressCodeAsked("wang", AddressWay.EMAIL, 2, LATER + CODE_GOOD_FOR)
    asked.when(AskCode(AddressWay.EMAIL), at=LATER).then(second)
    many = wang(*EMAIL, replace(second, turn=MOST_TURNS))
    much_later = LATER + timedelta(days=1)
    many.when(AskCode(AddressWay.EMAIL), at=much_later).then_rejected("too-many-codes")


def test_another_number_has_to_be_confirmed_again_and_the_old_code_is_worthless() -> None:
    given_phone = (
        wang()
        .when(GivePhone("13800138000", "2026-01"), at=NOON)
        .then_among(PhoneGiven("+8613800138000"), AddressRecorded(Way.SMS, GivenBy.PERSON, False))
    )
    done = given_phone.when(ConfirmAddress(AddressWay.SMS, "042517"), at=LATER, facts=FITS).then(
        AddressConfirmed(Way.SMS)
    )
    assert done.state.reached_by(Way.PHONE)
    other = done.when(GivePhone("13900139000", "2026-01"), at=LATER).then_among(
        AddressCodeAsked("wang", AddressWay.SMS, 2, LATER + CODE_GOOD_FOR)
    )
    assert not other.state.reached_by(Way.SMS)


def test_a_browser_needs_no_code() -> None:
    push = GivePush("https://push.example/abc", "k" * 87, "a" * 22, "2026-01")
    done = (
        wang()
        .when(push, at=NOON)
        .then(
            PushGiven("https://push.example/abc", "k" * 87, "a" * 22),
            AddressRecorded(Way.PUSH, GivenBy.PERSON, True),
            ConsentGiven(Way.PUSH, "2026-01", NOON, "wang"),
        )
    )
    assert done.state.reached_by(Way.PUSH)


def test_where_nobody_is_reached_nothing_is_sent_until_it_is_confirmed_again() -> None:
    bad = wang(*CONFIRMED).when(MarkBad(Way.EMAIL)).then(AddressWentBad(Way.EMAIL))
    assert not bad.state.reached_by(Way.EMAIL)
    bad.when(MarkBad(Way.EMAIL)).then()
    again = bad.when(AskCode(AddressWay.EMAIL), at=LATER).then_among()
    good = again.when(ConfirmAddress(AddressWay.EMAIL, "1"), at=LATER, facts=FITS).then(
        AddressConfirmed(Way.EMAIL)
    )
    assert good.state.reached_by(Way.EMAIL)
    given(preferences).when(MarkBad(Way.EMAIL)).then()


def test_a_number_in_use_no_more_ends_calls_too() -> None:
    phone = (PhoneGiven("13800138000"), AddressRecorded(Way.SMS, GivenBy.PERSON, True))
    bad = wang(*phone).when(MarkBad(Way.PHONE)).then(AddressWentBad(Way.SMS))
    assert not bad.state.reached_by(Way.SMS)


def test_taking_an_address_back_takes_back_the_consent() -> None:
    gone = (
        wang(*CONFIRMED)
        .when(RemoveAddress(Way.EMAIL))
        .then(EmailGiven(""), AddressRemoved(Way.EMAIL))
    )
    assert not gone.state.reached_by(Way.EMAIL)
    assert gone.state.consents == {}
    gone.when(RemoveAddress(Way.EMAIL)).then()
    gone.when(ConfirmAddress(AddressWay.EMAIL, "1"), facts=FITS).then_rejected("no-address")
    # Given anew, it is confirmed with a code that was never sent before.
    gone.when(GiveEmail("wang@example.com", "2026-01"), at=LATER).then_among(
        AddressCodeAsked("wang", AddressWay.EMAIL, 2, LATER + CODE_GOOD_FOR)
    )


def test_codes_that_nobody_gives_back_come_ever_more_slowly_also_to_other_addresses() -> None:
    past, now = wang(), NOON
    for _ in range(SOON_AGAIN):
        past = past.when(GivePhone("13800138000", "2026-01"), at=now).then_among()
        past = past.when(RemoveAddress(Way.SMS), at=now).then_among()
        now += timedelta(minutes=1)
    other = GivePhone("13900139000", "2026-01")
    past.when(other, at=now + timedelta(minutes=50)).then_rejected("code-just-sent")
    past = past.when(other, at=now + timedelta(minutes=59)).then_among()
    good = past.when(ConfirmAddress(AddressWay.SMS, "1"), at=now + timedelta(hours=1), facts=FITS)
    good.then_among().when(other, at=now + timedelta(hours=1)).then_among()


# --- links and imports ----------------------------------------------------------------------------


def test_a_link_unsubscribes_from_a_topic_or_from_all_e_mail() -> None:
    rest = tuple(way for way in Way if way is not Way.EMAIL)
    once = (
        wang(*CONFIRMED)
        .when(Unsubscribe("wang", Topic.POINTS))
        .then(WaysChosen(Topic.POINTS, rest, by_link=True))
    )
    once.when(Unsubscribe("wang", Topic.POINTS)).then()
    whole = once.when(Unsubscribe("wang", None)).then(WayStopped(Way.EMAIL, "link"))
    whole.when(Unsubscribe("wang", Topic.HELP)).then()
    given(preferences).when(Unsubscribe("wang", None)).then(OPENED, WayStopped(Way.EMAIL, "link"))
    given(preferences).when(Unsubscribe("wang", None), facts=Surroundings(closed=True)).then()


def test_an_import_gives_an_address_to_who_has_none() -> None:
    taken = (
        given(preferences)
        .when(imported(), at=LATER)
        .then(
            OPENED,
            EmailGiven("old@example.com"),
            AddressRecorded(Way.EMAIL, GivenBy.IMPORT, True),
            ConsentGiven(Way.EMAIL, "hotline-1", NOON, "admin"),
        )
    )
    assert taken.state.reached_by(Way.EMAIL)
    taken.when(imported(address="newer@example.com")).then_among(EmailGiven("newer@example.com"))


@pytest.mark.parametrize(
    "said",
    [
        EMAIL,
        CONFIRMED,
        (*CONFIRMED, AddressRemoved(Way.EMAIL)),
        (WayStopped(Way.EMAIL, "link"),),
        (WayStopped(Way.EMAIL, "asked"),),
        (WayStopped(Way.EMAIL, "import"),),
    ],
)
def test_an_import_takes_nothing_back_that_the_person_said(said: tuple[Event, ...]) -> None:
    wang(*said).when(imported()).then()


def test_an_import_never_gives_back_an_unsubscribed_way() -> None:
    off = (
        given(preferences)
        .when(imported(address="", unsubscribed=True))
        .then(OPENED, WayStopped(Way.EMAIL, "import"))
    )
    off.when(imported()).then()
    assert Way.EMAIL in off.state.stopped
    off.when(ResumeWay(Way.EMAIL)).then(WayResumed(Way.EMAIL))


def test_an_import_keeps_the_topics_that_were_chosen() -> None:
    chosen = wang(WaysChosen(Topic.POINTS, (Way.SMS,), by_link=True))
    assert chosen.when(imported()).then_among().state.ways == {Topic.POINTS: (Way.SMS,)}


def test_nobody_erased_is_imported_again() -> None:
    given(preferences).when(imported(), facts=Surroundings(closed=True)).then()
    given(preferences).when(imported(Way.PUSH)).then()


# --- time -----------------------------------------------------------------------------------------


def test_a_digest_is_due_at_its_hour_and_tells_since_the_last() -> None:
    daily = wang(DigestSet(Every.DAILY, 18 * 60, 0, NOON))
    six = NOON + timedelta(hours=6)
    assert due(daily.state) == six
    daily.when(Tick(), at=NOON).then()
    told = daily.when(Tick(), at=six).then(DigestDue("wang", NOON, six))
    assert due(told.state) == six + timedelta(days=1)


def test_after_a_time_away_there_is_one_digest() -> None:
    late = NOON + timedelta(days=5)
    told = wang(DigestSet(Every.DAILY, 18 * 60, 0, NOON)).when(Tick(), at=late)
    assert due(told.then(DigestDue("wang", NOON, late)).state) == late + timedelta(hours=6)


def test_who_ends_it_gets_none_and_who_begins_anew_begins_then() -> None:
    off = wang(DigestSet(Every.DAILY, 1080, 0, NOON)).when(SetDigest(Every.NONE), at=LATER)
    ended = off.then(DigestSet(Every.NONE, 1080, 0, None))
    assert due(ended.state) is None
    ended.when(Tick(), at=LATER).then()
    much_later = NOON + timedelta(days=99)
    ended.when(SetDigest(Every.DAILY), at=much_later).then(
        DigestSet(Every.DAILY, 1080, 0, much_later)
    )


def test_an_erased_person_leaves_nothing() -> None:
    assert PreferencesForgotten.forgets
    gone = wang(*CONFIRMED, CaseMuted("petition-p1")).when(ForgetPreferences())
    assert gone.then(PreferencesForgotten()).state == Preferences()
    given(preferences).when(ForgetPreferences()).then()
