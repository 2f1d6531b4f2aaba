"""Parts of the rules' file about how petitions are handled, whatever they are about: dangers, empty
answers, suspension, whistles, consultations, channels, hot topics.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import Field, StringConstraints

from services.petitions.chinese import in_both_scripts
from services.petitions.domain.danger import Danger, Dangers
from services.petitions.domain.hot_topic import Heat
from services.petitions.domain.ladder import ConsultationLimits, Suspension, WhistleRung
from services.petitions.recent import Keeping
from services.petitions.rule_values import Duration, Part, PerLevel
from shared.contracts.types import Code, Level

DAY = timedelta(days=1)

Phrase = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\r\n]+$")]
Phrases = Annotated[tuple[Phrase, ...], Field(max_length=200)]


class DangerWords(Part):
    """A danger by its words, in simplified script."""

    code: Code
    words: Annotated[Phrases, Field(min_length=1)]
    unless_after: Phrases = ()
    unless_before: Phrases = ()


class SuspensionReason(Part):
    """A reason to suspend a petition, and for how long at most."""

    code: Code
    most: Duration


class WhistleStep(Part):
    """Who can be whistled for at a level, and when the report is due in working time."""

    duty: Code
    level: Level
    report_within: Duration


class Whistle(Part):
    """The whistle ladder, lowest rung first, and how long a report can be judged on the wall."""

    judge_within: Duration
    rungs: tuple[WhistleStep, ...] = Field(min_length=1, max_length=10)


class Consultation(Part):
    """The working time of a department that is called, and the lowest level that calls."""

    lowest: Level
    accept_within: Duration
    part_within: Duration


class HotTopics(Part):
    """What makes a topic hot: more than so many new supporters of one petition, or more than so
    many new petitions about one category (of the first level) at one place, within this time;
    looked at `every` so often.
    """

    supporters: int = Field(ge=2, le=100_000)
    petitions: int = Field(ge=2, le=100_000)
    within: Duration
    every: Duration

    @property
    def heat(self) -> Heat:
        """As the domain reckons with it."""
        return Heat(self.petitions, self.supporters)

    @property
    def pause(self) -> timedelta:
        """`every`, on the wall."""
        pause: timedelta = self.every.of(DAY)
        return pause

    @property
    def window(self) -> timedelta:
        """`within`, on the wall."""
        window: timedelta = self.within.of(DAY)
        return window


class Recent(Part):
    """Which petitions are kept in memory, for finding duplicates and hot topics."""

    time: Duration
    most: int = Field(ge=1, le=1_000_000)


@dataclass(frozen=True, slots=True)
class Worked:
    """What the practices are where a working day is so long."""

    consultation: ConsultationLimits
    report_within: tuple[timedelta, ...]


class Practices(Part):
    """All of them. See rules.yaml for what each means."""

    danger_answer: PerLevel
    dangers: tuple[DangerWords, ...] = Field(max_length=50)
    hollow_answers: Phrases
    suspensions: tuple[SuspensionReason, ...] = Field(max_length=50)
    suspended_most: Duration
    whistle: Whistle
    consultation: Consultation
    channels: tuple[Code, ...] = Field(min_length=1, max_length=50)
    hot: HotTopics
    recent: Recent

    @property
    def keeping(self) -> Keeping:
        """As what keeps recent petitions takes it."""
        return Keeping(self.recent.time.of(DAY), self.recent.most, self.hot.window)

    @cached_property
    def _ways(self) -> dict[str, tuple[str, ...]]:
        """Every way to write the words that texts are searched for."""
        dangers = ((one.words, one.unless_after, one.unless_before) for one in self.dangers)
        return in_both_scripts([word for lists in dangers for words in lists for word in words])

    def _written(self, words: Phrases) -> tuple[str, ...]:
        return tuple(way for word in words for way in self._ways[word])

    @cached_property
    def known_dangers(self) -> Dangers:
        """As the domain looks for them: in every script that people write."""
        return Dangers(
            tuple(
                Danger(
                    danger.code,
                    self._written(danger.words),
                    self._written(danger.unless_after),
                    self._written(danger.unless_before),
                )
                for danger in self.dangers
            )
        )

    @cached_property
    def known_channels(self) -> frozenset[str]:
        """What petitions come through."""
        return frozenset(self.channels)

    @cached_property
    def known_suspensions(self) -> tuple[Suspension, ...]:
        """As the domain reckons with them."""
        return tuple(Suspension(reason.code, reason.most.of(DAY)) for reason in self.suspensions)

    @cached_property
    def longest_suspension(self) -> timedelta:
        """In all, for one petition."""
        longest: timedelta = self.suspended_most.of(DAY)
        return longest

    @cached_property
    def _worked(self) -> dict[timedelta, Worked]:
        return {}

    def worked(self, day: timedelta) -> Worked:
        """The practices where a working day is this long."""
        if (known := self._worked.get(day)) is None:
            known = self._worked[day] = Worked(
                ConsultationLimits(
                    self.consultation.accept_within.of(day),
                    self.consultation.part_within.of(day),
                    self.consultation.lowest,
                ),
                tuple(step.report_within.of(day) for step in self.whistle.rungs),
            )
        return known

    def whistle_rungs(
        self,
        places: list[tuple[Level, str]],
        holder: Callable[[str, str], str | None],
        day: timedelta,
    ) -> tuple[WhistleRung, ...]:
        """The whistle ladder of a place; steps whose level its path lacks are left out."""
        at = dict(places)
        return tuple(
            WhistleRung(step.level, place, step.duty, within, holder(place, step.duty))
            for step, within in zip(self.whistle.rungs, self.worked(day).report_within, strict=True)
            if (place := at.get(step.level)) is not None
        )
