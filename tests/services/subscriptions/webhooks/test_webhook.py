"""A webhook's life: created, verified, called, given up, enabled; its secrets; what is refused."""

from datetime import timedelta

from services.subscriptions.domain.webhooks.webhook import OVERLAP, Surroundings, webhook
from services.subscriptions.domain.webhooks.webhook_commands import (
    Create,
    Disable,
    Edit,
    Enable,
    GiveUp,
    Mode,
    Remove,
    Replay,
    RotateSecret,
    SendTest,
    Skip,
    TakeTest,
    TakeVerification,
    Verify,
)
from services.subscriptions.domain.webhooks.webhook_events import (
    EndpointNamed,
    EndpointTested,
    EndpointVerified,
    EventSkipped,
    FormerSecretEnded,
    ReplayAsked,
    SecretGiven,
    SecretMade,
    TrialAsked,
    VerificationAsked,
    VerificationFailed,
    WebhookCreated,
    WebhookEdited,
    WebhookEnabled,
    WebhookRemoved,
)
from services.subscriptions.domain.webhooks.webhook_state import (
    MOST_SKIPPED,
    Status,
    Webhook,
    open_verbs,
)
from shared.contracts.event import Event
from shared.contracts.subscriptions.webhooks import WebhookDisabled
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL as NOON
from tests.given import Given, given

OWNER, ADMIN = "system-1", "administrator-1"
URL, HOST = "https://hooks.example.cn/jinlin", "hooks.example.cn"
PETITIONS = ("cn.jinlin.petitions.*",)
AROUND = Surroundings("w1")
CREATE = Create(OWNER, URL, HOST, "whsec_A", None, PETITIONS, ("c1",), (), ("d1",))
CREATED: tuple[Event, ...] = (
    WebhookCreated(OWNER, HOST, PETITIONS, ("c1",), (), ("d1",), "structured", "hmac", NOON),
    EndpointNamed(URL),
    SecretGiven(1, None),
    SecretMade(1, "whsec_A"),
    VerificationAsked(1),
)
BY_HAND = WebhookDisabled("w1", OWNER, "by-hand")


def pending() -> Given[Webhook]:
    return given(webhook, *CREATED)


def active(*more: Event) -> Given[Webhook]:
    return given(webhook, *CREATED, EndpointVerified(1), *more)


def test_one_that_is_created_is_asked_whether_it_wants_to_be_called() -> None:
    after = given(webhook).when(CREATE, facts=AROUND).then(*CREATED)
    assert after.state.status is Status.PENDING
    assert after.state.asked == 1 > after.state.checked
    assert after.state.begin == NOON


def test_its_address_and_its_secret_leave_no_mark_on_its_state() -> None:
    assert URL not in str(pending().state)
    assert "whsec" not in str(pending().state)


def test_one_that_agrees_is_active() -> None:
    after = pending().when(TakeVerification(1, None), facts=AROUND).then(EndpointVerified(1))
    assert after.state.status is Status.ACTIVE


def test_one_that_does_not_agree_is_asked_again_when_somebody_wants_it() -> None:
    refused = VerificationFailed(1, "no-challenge")
    after = pending().when(TakeVerification(1, "no-challenge"), facts=AROUND).then(refused)
    assert after.state.status is Status.PENDING
    assert after.state.refused == "no-challenge"
    again = after.when(Verify(OWNER), facts=AROUND).then(VerificationAsked(2))
    assert again.state.refused is None
    # What comes of the first one by now is no news.
    again.when(TakeVerification(1, None), facts=AROUND).then()


def test_what_has_to_wait_for_the_endpoints_word() -> None:
    for command in (SendTest(OWNER), Enable(OWNER), Disable(OWNER)):
        pending().when(command, facts=AROUND).then_rejected("not-verified")
    active().when(Verify(OWNER), facts=AROUND).then_rejected("already-verified")


def test_places_that_are_not_there_or_out_of_reach_are_refused() -> None:
    nowhere = Surroundings("w1", unknown=("x9",))
    beyond = Surroundings("w1", outside=("d2",))
    given(webhook).when(CREATE, facts=nowhere).then_rejected("place-unknown")
    given(webhook).when(CREATE, facts=beyond).then_rejected("place-out-of-reach")
    active().when(Edit(OWNER, places=("d2",)), facts=beyond).then_rejected("place-out-of-reach")


def test_editing_changes_what_is_named_and_nothing_else() -> None:
    edited = WebhookEdited(PETITIONS, ("c2",), (), "binary")
    command = Edit(OWNER, places=("c2",), mode=Mode.BINARY)
    after = active().when(command, facts=AROUND).then(edited)
    assert after.state.status is Status.ACTIVE
    assert after.state.host == HOST
    after.when(command, facts=AROUND).then()


def test_another_address_has_to_agree_anew() -> None:
    other = "https://other.example.cn/"
    around = Surroundings("w1", host="other.example.cn")
    after = (
        active()
        .when(Edit(OWNER, url=other), facts=around)
        .then(
            WebhookEdited(PETITIONS, ("c1",), (), "structured", "other.example.cn"),
            EndpointNamed(other),
            VerificationAsked(2),
        )
    )
    assert after.state.status is Status.PENDING
    assert after.state.host == "other.example.cn"


def test_a_former_secret_signs_along_for_a_day() -> None:
    until = NOON + OVERLAP
    rotated = (
        active()
        .when(RotateSecret("whsec_B", None), facts=AROUND)
        .then(SecretGiven(2, None, until), SecretMade(2, "whsec_B"))
    )
    assert webhook.due(rotated.state) == until
    rotated.when(RotateSecret("whsec_C", None), facts=AROUND).then_rejected("secret-just-rotated")
    early = until - timedelta(seconds=1)
    rotated.when(Tick(), at=early, facts=AROUND).then()
    ended = rotated.when(Tick(), at=until, facts=AROUND).then(FormerSecretEnded(1))
    assert webhook.due(ended.state) is None
    assert ended.state.key == 2


def test_while_a_public_key_signs_along_both_are_told() -> None:
    first = given(webhook, *CREATED[:2], SecretGiven(1, "whpk_A"), SecretMade(1, "whsk_A"))
    rotated = (
        given(webhook, *CREATED[:2], SecretGiven(1, "whpk_A"), VerificationAsked(1))
        .when(RotateSecret("whsk_B", "whpk_B"), facts=AROUND)
        .then(SecretGiven(2, "whpk_B", NOON + OVERLAP), SecretMade(2, "whsk_B"))
    )
    assert first.state.public_key == "whpk_A"
    assert (rotated.state.public_key, rotated.state.former_public_key) == ("whpk_B", "whpk_A")


def test_one_that_is_out_of_reach_for_long_is_called_no_more_and_its_owner_hears() -> None:
    since = NOON - timedelta(days=3)
    told = WebhookDisabled("w1", OWNER, "unreachable", since)
    after = active().when(GiveUp("unreachable", since, 1, NOON), facts=AROUND).then(told)
    assert after.state.status is Status.DISABLED
    assert (after.state.because, after.state.since) == ("unreachable", since)
    enabled = after.when(Enable(OWNER), facts=AROUND).then(WebhookEnabled(NOON))
    assert enabled.state.status is Status.ACTIVE
    assert enabled.state.because is None


def test_what_is_given_up_of_an_earlier_run_is_no_news() -> None:
    replayed = active(ReplayAsked(NOON, 2))
    replayed.when(GiveUp("gone", None, 1, NOON), facts=AROUND).then()
    gone = WebhookDisabled("w1", OWNER, "gone")
    replayed.when(GiveUp("gone", None, 2, NOON), facts=AROUND).then(gone)


def test_a_call_that_was_begun_before_it_was_enabled_says_nothing_about_after() -> None:
    since = NOON - timedelta(days=4)
    enabled = active(WebhookDisabled("w1", OWNER, "unreachable", since), WebhookEnabled(NOON))
    for called in (NOON - timedelta(seconds=1), NOON):
        enabled.when(GiveUp("unreachable", since, 1, called), facts=AROUND).then()
    later = NOON + timedelta(seconds=1)
    gone = WebhookDisabled("w1", OWNER, "gone")
    enabled.when(GiveUp("gone", None, 1, later), facts=AROUND).then(gone)


def test_disabling_and_enabling_by_hand() -> None:
    off = active().when(Disable(ADMIN), facts=AROUND).then(BY_HAND)
    off.when(Disable(OWNER), facts=AROUND).then_rejected("webhook-disabled")
    off.when(SendTest(OWNER), facts=AROUND).then(TrialAsked(1))
    active().when(Enable(OWNER), facts=AROUND).then_rejected("webhook-active")


def test_a_replay_begins_with_the_past() -> None:
    since = NOON - timedelta(days=30)
    after = active(EventSkipped("e1")).when(Replay(OWNER, since), facts=AROUND)
    replayed = after.then(ReplayAsked(since, 2))
    assert (replayed.state.begin, replayed.state.run) == (since, 2)
    assert replayed.state.skipped == ()
    later = Replay(OWNER, NOON + timedelta(seconds=1))
    active().when(later, facts=AROUND).then_rejected("not-yet")


def test_an_event_is_passed_over_once_and_the_list_of_them_has_an_end() -> None:
    after = active().when(Skip(OWNER, "e1"), facts=AROUND).then(EventSkipped("e1"))
    after.when(Skip(OWNER, "e1"), facts=AROUND).then()
    many = active(*(EventSkipped(f"e{n}") for n in range(MOST_SKIPPED + 1)))
    assert len(many.state.skipped) == MOST_SKIPPED
    assert "e0" not in many.state.skipped


def test_what_came_of_a_test_is_told() -> None:
    asked = active().when(SendTest(OWNER), facts=AROUND).then(TrialAsked(1))
    done = asked.when(TakeTest(1, "204"), facts=AROUND).then(EndpointTested(1, "204"))
    assert done.state.test_outcome == "204"
    done.when(TakeTest(1, "500"), facts=AROUND).then()


def test_a_removed_one_keeps_nothing_and_takes_nothing() -> None:
    removed = active().when(Remove(OWNER), facts=AROUND).then(WebhookRemoved())
    assert removed.state.status is Status.REMOVED
    assert removed.state.host == ""
    assert WebhookRemoved.forgets
    removed.when(Enable(OWNER), facts=AROUND).then_rejected("webhook-removed")
    too_late = GiveUp("gone", None, 1, NOON)
    for late in (TakeVerification(1, None), TakeTest(1, "200"), too_late, Tick()):
        removed.when(late, facts=AROUND).then()


def test_the_open_verbs_are_those_that_the_rules_take() -> None:
    commands = {
        "edit": Edit(OWNER),
        "replay": Replay(OWNER, NOON),
        "skip": Skip(OWNER, "e1"),
        "remove": Remove(OWNER),
        "verify": Verify(OWNER),
        "test": SendTest(OWNER),
        "disable": Disable(OWNER),
        "enable": Enable(OWNER),
    }
    for there in (pending(), active(), active(BY_HAND), active(WebhookRemoved())):
        taken = {
            name
            for name, command in commands.items()
            if there.when(command, facts=AROUND).rejected is None
        }
        assert taken == open_verbs(there.state)
