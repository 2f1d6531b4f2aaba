"""The demo's own day: played, told, verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deploy.demo import (
    figures,
    scenes_of_many,
    scenes_of_mediation,
    scenes_of_notifications,
    scenes_of_petitions,
    scenes_of_volunteering_activities,
    scenes_of_volunteering_bank,
    scenes_of_volunteering_care,
    scenes_of_volunteering_hours,
    scenes_of_volunteering_orders,
    scenes_of_volunteering_patrols,
    scenes_of_volunteering_series,
    scenes_of_volunteering_teams,
    scenes_of_volunteering_wishes,
    verdict,
)
from deploy.demo.acting import Acting
from deploy.demo.callers import Callers
from deploy.demo.day import RULES, Day, load_day
from deploy.demo.evidence import Stores, Topic, published_of, stream
from deploy.demo.playing import Case, Play
from deploy.demo.scenes_of_notifications import SERVICE
from deploy.demo.stage import community_rows, find_platform, plant, raise_stack
from deploy.demo.telling import Teller


def show_day(teller: Teller, *, there: bool = False) -> list[str]:
    """Plays the day on the local run, or on what is `there` by the addresses of the environment;
    the differences between what was told and what is.

    Raises LocalError where it cannot be played.
    """
    day = load_day()
    teller.names = day.named()
    teller.heading("舞台 · The stage: MongoDB, Kafka, the issuer, the services")
    if there:
        find_platform(teller.say)
    else:
        raise_stack(RULES.resolve(), teller.say)
        teller.say(
            "petitions keeps the demo's rules, in which an hour takes seconds, until `make down`"
        )
    with Callers() as callers, Stores() as stores:
        planted = plant(callers, stores, day)
        teller.say(
            f"{planted.places} places and {planted.posts} posts imported ({planted.registered} and "
            f"{planted.assigned} of them new), {planted.residents} residents in the register"
        )
        before = figures.figures()
        play = Play(
            callers,
            day,
            tell_scene=teller.heading,
            tell_act=lambda act: teller.act(day, act),
            tell_time=lambda name, entry: teller.time_did(day, name, entry),
        )
        act = Acting(callers, stores, day, teller)
        scenes_of_many.found_bodies(act)
        rats = scenes_of_petitions.rats_reported(act)
        play.play()
        report = _scenes(act, rats)
        return _verify(day, play, act, report, teller, before)


def _scenes(act: Acting, rats: str) -> str:
    """What is told act by act; the petition of which nobody may learn who made it."""
    pump = scenes_of_notifications.a_pump_stands_still(act)
    unjudged = scenes_of_many.a_report_that_nobody_judges(act)
    scenes_of_petitions.gas_at_night(act)
    ramp = scenes_of_petitions.a_ramp_for_three_households(act)
    scenes_of_petitions.a_call_to_the_hotline(act)
    report = scenes_of_petitions.a_report_about_the_company(act)
    scenes_of_petitions.trees_wait_for_spring(act)
    scenes_of_many.departments_together(act)
    scenes_of_many.a_whistle(act)
    scenes_of_many.it_climbs_all_the_same(act, unjudged)
    scenes_of_petitions.is_it_this_one(act, rats)
    scenes_of_petitions.told_to_everybody(act, ramp)
    scenes_of_many.a_deputy(act)
    scenes_of_many.a_rota(act)
    scenes_of_many.a_building_moves(act)
    scenes_of_volunteering_teams.a_team_passes_on(act)
    scenes_of_volunteering_activities.the_last_place(act)
    scenes_of_volunteering_orders.a_haircut_at_home(act)
    scenes_of_volunteering_orders.an_order_that_nobody_takes(act)
    scenes_of_volunteering_series.a_theme_each_month(act)
    scenes_of_volunteering_care.a_visit_that_alarms(act)
    scenes_of_volunteering_patrols.a_patrol_by_night(act)
    scenes_of_volunteering_wishes.a_wish_comes_true(act)
    scenes_of_volunteering_bank.points_go_round(act)
    scenes_of_volunteering_wishes.a_wish_that_is_a_petition(act)
    scenes_of_volunteering_wishes.three_lists(act)
    scenes_of_volunteering_hours.hours_count(act)
    settled = scenes_of_mediation.a_quarrel_in_the_corridor(act)
    scenes_of_mediation.what_proves_it(act, settled)
    scenes_of_notifications.a_storm_warning(act)
    scenes_of_notifications.it_climbs(act, pump)
    scenes_of_many.somebody_comes_and_goes(act)
    return report


def _verify(
    day: Day,
    play: Play,
    act: Acting,
    report: str,
    teller: Teller,
    before: dict[str, figures.Figures],
) -> list[str]:
    callers, stores = act.callers, act.stores
    topic, community_topic = Topic("petitions"), Topic("community")
    others = {name: Topic(name) for name in ("volunteering", "mediation", "ledger", SERVICE)}
    try:
        streams = [*(stream(id) for id in play.ids.values()), *act.streams("petitions")]
        found = verdict.settled("petitions", streams, stores, topic)
        civic = verdict.settled("community", _civic_streams(day), stores, community_topic)
        acted = verdict.settled("community", act.streams("community"), stores, community_topic)
        elsewhere = [
            verdict.settled(name, act.streams(name), stores, its) for name, its in others.items()
        ]
        scenes_of_petitions.kept_secret(act, report, found.published)
        here = [person for person in act.people.values() if person not in act.erased]
        inboxes = {person.sub: callers.inbox(person) for person in here}
        cases = play.cases()
        _tell(cases, found, inboxes, teller)
        scenes_of_many.figures_of_the_day(act, teller)
        after = figures.figures()
        teller.heading("数字 · The figures of /metrics, since each service was started")
        teller.rows(figures.HEADINGS, figures.as_rows(after))
        states = stores.petitions(play.ids.values())
        differences = [
            line
            for case in cases
            for line in verdict.check_case(case, day, found, states.get(case.id))
        ]
        differences += verdict.check_done(play.done, found)
        for one in (found, civic, acted, *elsewhere):
            differences += verdict.check_topic(one)
        theirs = (found, acted, *elsewhere)
        differences += act.differences(
            {stream: commits for one in theirs for stream, commits in one.commits.items()},
            [message for one in theirs for message in one.messages],
            day.named(),
        )
        differences += verdict.check_told_once(civic, _concerned(civic))
        differences += verdict.check_inboxes(found, inboxes, day.named())
        differences += figures.differences(
            before, after, len(play.done) + act.done_by("petitions"), len(found.published)
        )
    finally:
        for one_topic in (topic, community_topic, *others.values()):
            one_topic.close()
    if not differences:
        teller.heading("核对 · Verified")
        teller.say(
            f"{len(cases)} petitions played through, {len(play.done) + len(act.acted)} acts "
            f"acknowledged, {len(act.claims)} claims"
        )
        teller.say(
            f"{sum(map(len, found.commits.values()))} commits, {len(found.published)} events in "
            f"{topic.name}, {len(found.messages)} messages in {len(inboxes)} inboxes: all as told"
        )
    return differences


def _tell(
    cases: Sequence[Case],
    found: verdict.Found,
    inboxes: dict[str, list[dict[str, Any]]],
    teller: Teller,
) -> None:
    teller.heading("经过 · The timeline of each petition, and who was told what")
    titles = {item["id"]: item["title"] for items in inboxes.values() for item in items}
    told = {
        event: [(one["s"]["recipient"], titles.get(one["_id"], "?")) for one in messages]
        for event, messages in found.by_event().items()
    }
    for case in cases:
        teller.case(case, told)
    teller.heading("收件箱 · What each found in the inbox")
    about = {stream(case.id) for case in cases}
    teller.inboxes(
        {
            sub: (sum(item["about"] in about for item in items), len(items))
            for sub, items in inboxes.items()
            if items
        }
    )


def _civic_streams(day: Day) -> list[str]:
    """The streams of community that concern the day's people: their posts and their register."""
    posts = [f"post-{post.place}:{post.duty}" for post in community_rows().posts.values()]
    return [*posts, *(f"resident-{person.sub}" for person in day.residents())]


def _concerned(civic: verdict.Found) -> dict[str, str]:
    """Whom community's events concern, by event: holders of posts, and residents."""
    events = published_of("community", (one for all_of in civic.commits.values() for one in all_of))
    return {
        event.id: event.data.get("holder") or event.data["resident"]
        for event in events
        if "PostAssigned" in event.type or "ResidentRegistered" in event.type
    }
