"""Posting and screening a wish: consent, hints, the second look, petitions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteering.domain.wishes.hints import hints_in, kinds_of
from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import (
    BecomePetition,
    Consent,
    ConsentHow,
    DeclinedBecause,
    DeclineWish,
    ProlongWish,
    ReferWish,
    ReleaseWording,
    ReturnWish,
    RewordWish,
    WordWish,
)
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishConsented,
    WishHinted,
    WishHoused,
    WishProlonged,
    WishReasonGiven,
    WishReworded,
    WishTold,
    WishWorded,
    WishWordingDrafted,
)
from services.volunteering.domain.wishes.wish_state import Status
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering import (
    WishBecamePetition,
    WishEnded,
    WishHidden,
    WishOpened,
    WishPosted,
    WishReferred,
    WishReturned,
    WishWaits,
)
from shared.contracts.volunteering.wishes import Awaited, WishKind, WishOutcome
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.volunteering.wishes.stories import (
    AROUND,
    CLAIMED,
    DAY,
    ELDER,
    HELPER,
    NOW,
    OPEN,
    OPENED,
    PATH,
    POST,
    POSTED,
    POSTED_FOR,
    SCREENER,
    UNTIL,
    WORKER,
)

WORD = WordWish(SCREENER, "为老人换一只灯泡", "厨房的灯泡坏了，请带一把梯子。")
SCREEN = WishAwaits(Awaited.SCREENING, NOW + 3 * DAY)


def test_a_resident_hopes_for_something_small() -> None:
    given(wish).when(POST, facts=AROUND).then(*POSTED, WishTold(POST.title, POST.text, None))


def test_the_check_says_what_it_found_in_the_owners_words() -> None:
    post = replace(POST, text="我叫陈小红，电话13800138000，想借500元买轮椅，住3栋502室。")
    given(wish).when(post, facts=AROUND).then_among(
        WishHinted(("door", "money", "name", "phone")), WishTold(post.title, post.text, None)
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": None}, "unknown-place"),
        ({"closed": True}, "place-closed"),
        ({"kind": PlaceKind.UNIT}, "wish-too-close"),
    ],
)
def test_a_wish_is_posted_at_a_known_place_that_tells_nobodys_door(
    change: dict[str, object], code: str
) -> None:
    around = replace(AROUND, **change)  # type: ignore[arg-type]
    given(wish).when(POST, facts=around).then_rejected(code)


@pytest.mark.parametrize("until", [NOW + timedelta(hours=2), NOW + 181 * DAY])
def test_a_wish_is_open_within_bounds(until: object) -> None:
    post = replace(POST, until=until)  # type: ignore[arg-type]
    given(wish).when(post, facts=AROUND).then_rejected("wish-open-bounds")


def test_a_grid_worker_posts_for_a_resident_who_agreed() -> None:
    consent = Consent(ConsentHow.SPOKEN, NOW - DAY)
    post = replace(POST, by=WORKER, on_behalf=True, owner=ELDER, consent=consent)
    given(wish).when(post, facts=AROUND).then(
        WishPosted("w1", WishKind.REPAIR, "n", PATH, ELDER, WORKER, UNTIL),
        WishConsented("spoken", NOW - DAY),
        WishHoused("n-b1-u1"),
        SCREEN,
        WishTold(POST.title, POST.text, None),
    )
    off_platform = replace(post, owner=None)
    given(wish).when(off_platform, facts=AROUND).then_among(
        WishPosted("w1", WishKind.REPAIR, "n", PATH, None, WORKER, UNTIL)
    )


def test_nobody_posts_for_somebody_who_has_not_agreed() -> None:
    post = replace(POST, by=WORKER, on_behalf=True, owner=ELDER)
    given(wish).when(post, facts=AROUND).then_rejected("consent-needed")
    later = replace(post, consent=Consent(ConsentHow.SPOKEN, NOW + DAY))
    given(wish).when(later, facts=AROUND).then_rejected("consent-later")
    own = replace(post, owner=WORKER, consent=Consent(ConsentHow.SPOKEN, NOW))
    given(wish).when(own, facts=AROUND).then_rejected("not-for-oneself")


def test_what_staff_write_is_open_at_once_where_nothing_is_doubtful() -> None:
    given(wish, *POSTED).when(WORD, facts=AROUND).then(
        WishWordingDrafted(SCREENER, 0, None, ()), WishWorded(WORD.title, WORD.text), OPENED
    )


def test_what_is_certainly_personal_is_never_shown() -> None:
    word = replace(WORD, text="请打一三八〇〇一三八〇〇〇联系")
    given(wish, *POSTED).when(word, facts=AROUND).then_rejected("wording-personal")


def test_a_second_person_looks_at_what_is_doubtful() -> None:
    word = replace(WORD, text="想要一只200元的书包")
    (hint,) = hints_in("text", word.text)
    assert hint.kind == "money"
    looked = (
        given(wish, *POSTED)
        .when(word, facts=AROUND)
        .then(
            WishWordingDrafted(SCREENER, 1, None, ()),
            SCREEN,
            WishWorded(word.title, word.text, (hint,)),
        )
    )
    looked.when(ReleaseWording(SCREENER), facts=AROUND).then_rejected("second-look")
    looked.when(ReleaseWording(ELDER), facts=AROUND).then_rejected("second-look")
    looked.when(ReleaseWording("other"), facts=AROUND).then(OPENED)


def test_who_posted_it_does_not_open_it() -> None:
    by_worker = replace(WORD, by=WORKER)
    drafted = (
        given(wish, *POSTED_FOR)
        .when(by_worker, facts=AROUND)
        .then(WishWordingDrafted(WORKER, 0, None, ()), SCREEN, WishWorded(WORD.title, WORD.text))
    )
    drafted.when(ReleaseWording(WORKER), facts=AROUND).then_rejected("second-look")
    opened = WishOpened("w1", WishKind.REPAIR, "n", ELDER, WORKER, UNTIL)
    drafted.when(ReleaseWording(SCREENER), facts=AROUND).then(opened)


def test_an_open_wish_that_is_worded_anew_is_hidden_while_it_is_doubtful() -> None:
    word = replace(WORD, text="请王奶奶的邻居帮忙")
    hidden = given(wish, *OPEN).when(word, facts=AROUND).then_among(WishHidden("w1", "n"))
    assert hidden.state.status is Status.WORDED


def test_a_wish_is_returned_and_put_otherwise() -> None:
    returned = (
        given(wish, *POSTED)
        .when(ReturnWish(SCREENER, "要哪种灯泡？"), facts=AROUND)
        .then(WishReturned("w1", "n", ELDER, ELDER), WishReasonGiven("return", "要哪种灯泡？"))
    )
    returned.when(WORD, facts=AROUND).then_among(OPENED)
    returned.when(RewordWish(ELDER, "换灯泡", "螺口的。"), facts=AROUND).then(
        WishReworded(), WishHinted(()), SCREEN, WishTold("换灯泡", "螺口的。", None)
    )


def test_money_is_no_wish() -> None:
    decline = DeclineWish(SCREENER, DeclinedBecause.MONEY, "请走临时救助")
    given(wish, *POSTED).when(decline, facts=AROUND).then(
        WishEnded(
            "w1",
            WishKind.REPAIR,
            "n",
            PATH,
            WishOutcome.DECLINED,
            ELDER,
            ELDER,
            None,
            None,
            SCREENER,
        ),
        WishReasonGiven("decline", "money 请走临时救助"),
    )
    own = replace(decline, by=ELDER)
    given(wish, *POSTED).when(own, facts=AROUND).then_rejected("second-look")


def test_what_nobody_screens_is_told_to_the_office_and_not_lost() -> None:
    waits = WishWaits("w1", "n", Awaited.SCREENING, "c", "desk")
    told = given(wish, *POSTED).when(Tick(), at=NOW + 3 * DAY, facts=AROUND).then(waits)
    assert told.state.alarm is not None
    assert wish.due(told.state) == UNTIL
    nobody = replace(AROUND, person=None)
    told = (
        given(wish, *POSTED)
        .when(Tick(), at=NOW + 3 * DAY, facts=nobody)
        .then(replace(waits, person=None))
    )
    assert told.state.alarm is not None


def test_what_nobody_claims_expires_and_can_be_kept_open() -> None:
    expired = WishEnded(
        "w1", WishKind.REPAIR, "n", PATH, WishOutcome.EXPIRED, ELDER, ELDER, None, None, None
    )
    given(wish, *OPEN).when(Tick(), at=UNTIL, facts=AROUND).then(expired)
    longer = NOW + 90 * DAY
    kept = (
        given(wish, *OPEN)
        .when(ProlongWish(ELDER, longer), facts=AROUND)
        .then(WishProlonged(longer))
    )
    kept.when(Tick(), at=UNTIL, facts=AROUND).then()


# --- what is really a petition -------------------------------------------------------------------

REFERRED = (*OPEN, WishReferred("w1", "n", ELDER, ELDER, None, SCREENER))


def test_a_matter_for_the_authorities_becomes_a_petition() -> None:
    referred = (
        given(wish, *OPEN)
        .when(ReferWish(SCREENER, "楼道灯归物业"), facts=AROUND)
        .then(
            REFERRED[-1],
            WishAwaits(Awaited.PETITION, NOW + 5 * DAY),
            WishReasonGiven("refer", "楼道灯归物业"),
        )
    )
    became = WishBecamePetition("w1", "p1", "n", PATH, ELDER, ELDER)
    over = referred.when(BecomePetition("p1", ELDER), facts=AROUND).then(became)
    assert (over.state.status, over.state.petition) == (Status.PETITION, "p1")
    referred.when(Tick(), at=NOW + 5 * DAY, facts=AROUND).then(
        WishWaits("w1", "n", Awaited.PETITION, "c", "desk")
    )


def test_a_claimant_is_free_of_what_becomes_a_petition() -> None:
    referred = (
        given(wish, *CLAIMED)
        .when(ReferWish(SCREENER, "归物业"), facts=AROUND)
        .then_among(WishReferred("w1", "n", ELDER, ELDER, HELPER, SCREENER))
    )
    assert referred.state.organisers == ()


@pytest.mark.parametrize("petitioner", ["stranger", None])
def test_a_strangers_petition_takes_no_wish_along(petitioner: str | None) -> None:
    given(wish, *REFERRED).when(BecomePetition("p1", petitioner), facts=AROUND).then()
    given(wish, *OPEN).when(BecomePetition("p1", ELDER), facts=AROUND).then()


def test_staff_may_find_after_all_that_it_is_a_wish() -> None:
    given(wish, *REFERRED).when(WORD, facts=AROUND).then_among(OPENED)


# --- hints ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("想学用手机看孙子的照片", ()),
        ("希望有人每周二陪我下两盘棋", ()),
        ("要一双 42 码的棉鞋", ()),
        ("请在10点到11点之间来", ()),
        ("电话138-0013-8000", ("phone",)),
        ("电话１３８００１３８０００", ("phone",)),
        ("打0592-5551234", ("phone",)),
        ("身份证350203194903072415", ("identity",)),
        ("微信号 lin_123456", ("account",)),
        ("闽D12345挡住了门", ("plate",)),
        ("给我发个红包", ("money",)),
        ("补贴三百元", ("money",)),
        ("¥99的收音机", ("money",)),
        ("家住莲坂路12号", ("door",)),
        ("5栋2单元", ("door",)),
        ("找陈阿姨", ("name",)),
        ("号码5551234", ("number",)),
        ("a.b@example.com", ("email",)),
        ("6222021001112223335", ("card",)),
    ],
)
def test_what_the_check_finds(text: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(hints_in("text", text)) == kinds
