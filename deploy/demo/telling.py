"""What the demo prints: what happens as it happens, timelines as tables, and where to look next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from deploy.demo.day import Act, Day
from deploy.demo.playing import CLOCK, Case

ZONE = ZoneInfo("Asia/Shanghai")
"""In which people read times."""

WIDE = 110
"""Columns from which on messages have a column of their own."""

LEVELS = {
    "neighbourhood": "小区 neighbourhood",
    "area": "片区 area",
    "community": "社区 community",
    "street": "街道 street",
    "district": "区 district",
}
OUTCOMES = {
    "solved": "问题已解决 solved",
    "rated": "已评价 rated",
    "unrated": "到期未评价 unrated",
    "withdrawn": "已撤回 withdrawn",
    "reviewed": "复核结论 reviewed",
}
KINDS = {
    "complaint": "投诉 complaint",
    "request": "求助 request",
    "suggestion": "建议 suggestion",
    "report": "举报 report",
    "question": "咨询 question",
}
DOES = {
    "file": "提出诉求 files",
    "take": "开始办理 takes up",
    "answer": "答复 answers",
    "hand-up": "上报上一级 hands up",
    "return": "请补充情况 asks for facts",
    "comment": "留言 comments",
    "assign": "交办 assigns",
    "rate": "评价 rates",
    "confirm-solved": "确认已解决 confirms that it is solved",
    "withdraw": "撤回 withdraws",
    "close": "复核结案 closes after review",
}
WORDS = {
    "PetitionFiled": "提出诉求 filed",
    "PetitionAssigned": "交 {assignee} 办理 assigned",
    "PetitionTaken": "开始办理 taken up",
    "PetitionDeadlineNear": "时限过四分之三，提醒承办人 deadline near",
    "PetitionOverdue": "逾期未答 deadline passed",
    "PetitionReturned": "请诉求人补充情况 asked for facts",
    "PetitionCommented": "留言 commented",
    "PetitionHandedUp": "上报上一级 handed up",
    "PetitionAnswered": "答复，请评价 answered",
    "PetitionRated": "评价 {stars} 星 rated {stars}★",
    "PetitionReopened": "第 {times} 次重新办理 reopened",
    "PetitionSentToReview": "提交区级复核 sent to review",
    "PetitionWithdrawn": "撤回 withdrawn",
    "PetitionClosed": "办结 closed: {outcome}",
}
REACHED = {
    "filed": "受理 received: {level}",
    "overdue": "自动升级 climbed by itself: {level}",
    "handed-up": "上报 passed up: {level}",
    "rated-low": "由上一级重办 to be done again by: {level}",
    "review": "复核 reviewed by: {level}",
}


@dataclass
class Teller:
    """Prints, with the names of the demo's people."""

    console: Console
    names: Mapping[str, str] = field(default_factory=dict)

    # --- as it happens ---------------------------------------------------------------------------

    def say(self, line: str) -> None:
        """A plain line."""
        self.console.print(f"  {escape(line)}", style="dim")

    def heading(self, title: str) -> None:
        """The beginning of a part."""
        self.console.print()
        self.console.print(Rule(escape(title), align="left", style="cyan"))

    def act(self, day: Day, act: Act) -> None:
        """Somebody has done something, and it was acknowledged."""
        matter = day.petitions[act.petition]
        words = [str(value) for value in act.with_.values() if not isinstance(value, bool)]
        if "assignee" in act.with_:
            words = [day.people[act.with_["assignee"]].name]
        elif "stars" in act.with_:
            words[0] = "★" * int(act.with_["stars"])
        elif act.does == "file" and matter.for_ is not None:
            words = [f"代 {day.people[matter.for_].name} for"]
        line = (
            f"[bold]{escape(day.people[act.who].name)}[/] {DOES[act.does]}"
            f"  [green]「{escape(matter.title)}」[/]"
        )
        self._happens(_now(), line, escape(" ".join(words)))

    def happens(self, who: str, does: str, words: str = "") -> None:
        """Somebody has done something that is told in words of its own."""
        self._happens(_now(), f"[bold]{escape(who)}[/] {escape(does)}", escape(words))

    def claimed(self, what: str, is_so: bool) -> None:
        """What must be so now."""
        self._happens("", f"{'[green]✓[/]' if is_so else '[bold red]✗[/]'} {escape(what)}")

    def time_did(self, day: Day, name: str, entry: Mapping[str, Any]) -> None:
        """Time has done something to a petition."""
        what = "；".join(self._happened(entry))
        line = f"[yellow]⏰ {escape(what)}[/]  [green]「{escape(day.petitions[name].title)}」[/]"
        self._happens(_time(entry["at"]), line)

    def _happens(self, at: str, line: str, words: str = "") -> None:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=10)
        grid.add_column(overflow="fold")
        grid.add_row(f"  [dim]{at}[/]", line)
        if words:
            grid.add_row("", f"[dim]{words}[/]")
        self.console.print(grid)

    # --- afterwards ------------------------------------------------------------------------------

    def case(self, case: Case, messages: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """A petition's timeline. `messages`: by event's id, to whom (subject) what was told."""
        wide = self.console.width >= WIDE
        table = Table(box=box.ROUNDED, show_lines=True, expand=True, header_style="bold")
        table.add_column("时间\ntime", no_wrap=True, width=8)
        table.add_column("经过\nwhat happened", ratio=5, overflow="fold")
        table.add_column("谁\nwho", ratio=2, overflow="fold")
        table.add_column("层级\nlevel", no_wrap=True, width=13)
        table.add_column("限期\nanswer by", no_wrap=True, width=9)
        if wide:
            table.add_column("消息\nmessages → to whom", ratio=4, overflow="fold")
        level = deadline = ""
        quotes = _quotes(case.shown.get("dossier", ()))
        for entry in case.timeline:
            for event in entry["events"]:
                if event["name"] == "PetitionReachedLevel":
                    level = LEVELS[event["data"]["level"]].replace(" ", "\n")
                    deadline = _time(event["data"]["answer_by"])
                elif event["name"] in ("PetitionAnswered", "PetitionClosed"):
                    deadline = ""
            what = Text("\n".join(self._happened(entry)))
            for quote in quotes.get(entry["version"], ()):
                what.append(f"\n“{quote}”", style="dim")
            told = "\n".join(self._told(case, entry, messages))
            if not wide and told:
                what.append(f"\n{told}", style="cyan")
            cells: list[str | Text] = [
                _time(entry["at"]),
                what,
                self._who(entry["actor"]),
                level,
                deadline,
            ]
            table.add_row(*cells, *([told] if wide else []))
        matter, shown = case.matter, case.shown
        outcome = OUTCOMES.get(shown["outcome"] or "", shown["status"])
        self.console.print()
        self.console.print(
            f"[bold green]{escape(matter.title)}[/]  {KINDS[matter.kind]} → "
            f"[bold]{outcome}[/], {LEVELS[shown['level']]}  [dim]{case.id}[/]"
        )
        self.console.print(f"“{escape(matter.text)}”", style="dim")
        self.console.print(table)

    def _told(
        self,
        case: Case,
        entry: Mapping[str, Any],
        messages: Mapping[str, Sequence[tuple[str, str]]],
    ) -> list[str]:
        """Who was told what of the events of one entry."""
        return [
            f"→ {self._who(recipient)}: {title}"
            for n in range(len(entry["events"]))
            for recipient, title in messages.get(
                f"petitions/petition-{case.id}/{entry['version']}/{n}", ()
            )
        ]

    def inboxes(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """How many messages each person found: about this day's petitions, and in all."""
        table = Table(header_style="bold")
        table.add_column("谁 who")
        table.add_column("今日诉求消息 about this day's petitions", justify="right")
        table.add_column("收件箱共 in the inbox", justify="right")
        for sub, (here, total) in counts.items():
            table.add_row(self._who(sub), str(here), str(total))
        self.console.print(table)

    def rows(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table of figures: the first column names, the others count."""
        table = Table(header_style="bold")
        for n, heading in enumerate(headings):
            table.add_column(heading, justify="left" if n == 0 else "right")
        for row in rows:
            table.add_row(*map(escape, row))
        self.console.print(table)

    def differences(self, found: Sequence[str]) -> None:
        """What is not as it was told."""
        self.heading("与所述不符 · What is not as it was told")
        for line in found:
            self.console.print(f"  [bold red]✗[/] {escape(line)}")

    def _happened(self, entry: Mapping[str, Any]) -> list[str]:
        return [words for event in entry["events"] if (words := self._words(event))]

    def _words(self, event: Mapping[str, Any]) -> str:
        data = event["data"] or {}
        if event["name"] == "PetitionReachedLevel":
            return REACHED[data["because"]].format(level=LEVELS[data["level"]])
        spoken = {
            "assignee": self._who(data.get("assignee") or ""),
            "stars": data.get("stars"),
            "times": data.get("times"),
            "outcome": OUTCOMES.get(data.get("outcome", ""), ""),
        }
        return WORDS.get(event["name"], "").format(**spoken)

    def _who(self, sub: str) -> str:
        return "时间 the clock" if sub.startswith(CLOCK) else self.names.get(sub, sub)


def _quotes(dossier: Iterable[Mapping[str, Any]]) -> dict[int, list[str]]:
    """What people wrote after the filing, by version."""
    found: dict[int, list[str]] = {}
    for entry in dossier:
        text = entry["data"].get("text") or entry["data"].get("done")
        if text and entry["name"] != "PetitionDescribed":
            found.setdefault(entry["version"], []).append(text)
    return found


def _time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZONE):%H:%M:%S}"


def _now() -> str:
    return f"{datetime.now(ZONE):%H:%M:%S}"
