"""Real messages from CSV files, read and checked before anything is filed.

A folder has ``answered.csv``, ``supported.csv`` and ``labelled.csv``, each with the columns
``id,author,subject,filed_at,body`` and others; ``labelled.csv`` has ``category`` too, and
``answered.csv`` may have ``reply``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy.local.layout import LocalError
from services.petitions.rules import Rules
from shared.contracts.types import PetitionKind

FILES = ("answered.csv", "supported.csv", "labelled.csv")
COLUMNS = ("id", "author", "subject", "filed_at", "body")
CATEGORY = "category"
REPLY = "reply"
PLAIN_CATEGORY = "other"
"""Of a message without a label, or with one that the rules do not know."""
ZONE = ZoneInfo("Asia/Shanghai")
"""In which the files give their times."""
CHANNEL = "import"
MOST_ERRORS = 20
"""Errors that are told at once."""
LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
LONGEST_FIELD = 1_000_000
"""Characters of one field, whatever it is; more is a quotation mark gone astray."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KINDS = (
    ("举报", PetitionKind.REPORT),
    ("投诉", PetitionKind.COMPLAINT),
    ("建议", PetitionKind.SUGGESTION),
    ("咨询", PetitionKind.QUESTION),
    ("请问", PetitionKind.QUESTION),
    ("求助", PetitionKind.REQUEST),
)
"""Words in a subject that say what is wanted; else it is a request."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its file has it. `key` names it for ever: file, id, and which of the same id."""

    key: str
    where: str
    author: str
    subject: str
    body: str
    raised_at: datetime
    category: str
    reply: str = ""

    @property
    def petitioner(self) -> str:
        """A pseudonym of the author: the same for the same author, and no way back."""
        return f"msg-{_digest(self.author)}"

    def as_petition(self, places: Sequence[str]) -> dict[str, Any]:
        """The body of POST /petitions, the same whenever it is made.

        An author always lives in the same one of `places`.
        """
        return {
            "kind": self.kind,
            "title": self.subject,
            "text": self.body,
            "place": places[int(_digest(self.author), 16) % len(places)],
            "category": self.category,
            "channel": CHANNEL,
            "raised_at": self.raised_at.isoformat(),
            "on_behalf": True,
            "petitioner": self.petitioner,
        }

    @property
    def kind(self) -> PetitionKind:
        """What is wanted, as far as the subject says it."""
        return next((kind for word, kind in _KINDS if word in self.subject), PetitionKind.REQUEST)


def _digest(author: str) -> str:
    return blake2b(author.encode(), digest_size=8, person=b"jinlin-demo").hexdigest()


def read_messages(folder: Path, rules: Rules) -> list[Message]:
    """All messages of the folder. Raises LocalError with the file and line of every mistake."""
    if not folder.is_dir():
        raise LocalError(f"{folder}: there is no such folder; DATA names one with {_files()}")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise LocalError(f"{folder}: has no {', '.join(missing)}; it needs {_files()}")
    wrong: list[str] = []
    messages = [message for name in FILES for message in _read(folder / name, rules, wrong)]
    if wrong:
        more = [f"... and {len(wrong) - MOST_ERRORS} more"] if len(wrong) > MOST_ERRORS else []
        raise LocalError("\n".join([*wrong[:MOST_ERRORS], *more]))
    if not messages:
        raise LocalError(f"{folder}: its files have no rows")
    return messages


def _files() -> str:
    return ", ".join(FILES)


def _read(path: Path, rules: Rules, wrong: list[str]) -> Iterator[Message]:
    csv.field_size_limit(LONGEST_FIELD)
    seen: Counter[str] = Counter()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = next(lines, [])
            needed = (*COLUMNS, CATEGORY) if path.stem == "labelled" else COLUMNS
            if missing := [name for name in needed if name not in header]:
                wrong.append(f"{path}:1: the header lacks {', '.join(missing)}")
                return
            begins = lines.line_num + 1
            for cells in lines:
                where, begins = f"{path}:{begins}", lines.line_num + 1
                if not cells:
                    continue
                if len(cells) != len(header):
                    wrong.append(f"{where}: has {len(cells)} fields, the header {len(header)}")
                    continue
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                if mistakes := _mistakes(row):
                    wrong += [f"{where}: {mistake}" for mistake in mistakes]
                    continue
                seen[row["id"]] += 1
                yield _message(path, row, seen[row["id"]], where, rules)
    except UnicodeDecodeError as error:
        wrong.append(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start})")
    except csv.Error as error:
        wrong.append(f"{path}:{lines.line_num}: is not CSV: {error}")
    except OSError as error:
        wrong.append(f"{path}: {error.strerror}")


def _mistakes(row: dict[str, str]) -> list[str]:
    found = [f"{name} is empty" for name in COLUMNS if not row[name]]
    if row["id"] and not _ID.fullmatch(row["id"]):
        found.append(f"id {row['id'][:40]!r} is no id: letters, digits, '.', '_', '-', 64 at most")
    if len(row["subject"]) > LONGEST_SUBJECT:
        found.append(f"subject has {len(row['subject'])} characters, at most {LONGEST_SUBJECT} fit")
    if len(row["body"]) > LONGEST_BODY:
        found.append(f"body has {len(row['body'])} characters, at most {LONGEST_BODY} fit")
    if len(row.get(REPLY, "")) > LONGEST_BODY:
        found.append(f"reply has {len(row[REPLY])} characters, at most {LONGEST_BODY} fit")
    if row["filed_at"] and _time(row["filed_at"]) is None:
        found.append(f"filed_at {row['filed_at'][:40]!r} is no time such as 2020-01-31T09:30:00")
    return found


def _time(text: str) -> datetime | None:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return None
    return given if given.tzinfo is not None else given.replace(tzinfo=ZONE)


def _message(path: Path, row: dict[str, str], number: int, where: str, rules: Rules) -> Message:
    raised_at = _time(row["filed_at"])
    assert raised_at is not None, "checked before"
    known = rules.by_name.get(row.get(CATEGORY, ""))
    again = f"~{number}" if number > 1 else ""
    return Message(
        key=f"{path.stem}/{row['id']}{again}",
        where=where,
        author=row["author"],
        subject=row["subject"],
        body=row["body"],
        raised_at=raised_at,
        category=PLAIN_CATEGORY if known is None else known.code,
        reply=row.get(REPLY, ""),
    )
