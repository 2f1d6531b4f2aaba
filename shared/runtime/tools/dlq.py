"""Dead letters by hand: ``python -m shared.runtime.tools.dlq list|show|replay|drop``.

JINLIN_KAFKA_BOOTSTRAP (host:port) says where. Exit code 1 when there is no such letter, 2 when the
command line or a setting is wrong, 3 when no broker answers.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from shared.contracts.envelope import SERVICES
from shared.runtime.dead_letters import DeadLetters, NoBroker
from shared.runtime.letters import MOST_SHOWN, Letter, NoSuchLetter


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    options = _parser().parse_args(arguments)
    bootstrap = os.environ.get("JINLIN_KAFKA_BOOTSTRAP")
    if not bootstrap:
        return _complain("JINLIN_KAFKA_BOOTSTRAP is not set: expected host:port of the broker", 2)
    services = [options.service] if options.service else list(SERVICES)
    boxes = {service: DeadLetters(bootstrap, service) for service in services}
    try:
        match options.command:
            case "list":
                return _list(boxes)
            case "show":
                return _show(_one(boxes, options.id))
            case "replay" if options.all:
                return _replay(boxes, [each for box in boxes.values() for each in box.unresolved()])
            case "replay":
                return _replay(boxes, [_one(boxes, options.id)])
            case _:
                return _drop(boxes, _one(boxes, options.id), options.reason)
    except NoSuchLetter as missing:
        return _complain(str(missing), 1)
    except NoBroker as away:
        return _complain(str(away), 3)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dlq", description="What could not be handled")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--service", choices=SERVICES, help="only this service's letters")
    commands.add_parser("list", parents=[shared], help="the unresolved letters")
    show = commands.add_parser("show", parents=[shared], help="one letter in full")
    show.add_argument("id", help="<partition>-<offset>, as in the list")
    replay = commands.add_parser("replay", parents=[shared], help="send letters again")
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", help="<partition>-<offset>, as in the list")
    which.add_argument("--all", action="store_true", help="all unresolved letters")
    drop = commands.add_parser("drop", parents=[shared], help="put one letter away for good")
    drop.add_argument("id", help="<partition>-<offset>, as in the list")
    drop.add_argument("--reason", required=True, help="why; kept with the letter")
    return parser


def _one(boxes: dict[str, DeadLetters], id: str) -> Letter:
    found = [each for box in boxes.values() for each in box.unresolved() if each.id == id]
    if not found:
        raise NoSuchLetter(f"there is no unresolved letter {id} of {', '.join(boxes)}")
    if len(found) > 1:
        having = " and ".join(letter.service for letter in found)
        raise NoSuchLetter(f"{having} each have a letter {id}: say which with --service")
    return found[0]


def _list(boxes: dict[str, DeadLetters]) -> int:
    table = Table("service", "id", "failed at", "event", "from", "tries", "reason")
    letters = [letter for box in boxes.values() for letter in box.unresolved()]
    for letter in letters:
        table.add_row(
            letter.service,
            letter.id,
            letter.header("failed-at"),
            letter.header("event-id") or "?",
            _origin(letter),
            letter.header("tries"),
            letter.header("reason")[:200],
        )
    console = Console(markup=False)
    if letters:
        console.print(table)
    console.print(f"{len(letters)} unresolved")
    return 0


def _show(letter: Letter) -> int:
    console = Console(markup=False, soft_wrap=True, highlight=False)
    for name in ("service", "event-id", "failed-at", "tries", "reason"):
        console.print(f"{name}: {letter.header(name)}")
    console.print(f"from: {_origin(letter)}")
    console.print(f"key: {letter.header('original-key')}")
    text, whole = letter.text(MOST_SHOWN)
    console.print(text)
    if not whole:
        console.print(f"... ({len(letter.value)} bytes in all)")
    return 0


def _replay(boxes: dict[str, DeadLetters], letters: list[Letter]) -> int:
    for service, box in boxes.items():
        mine = [letter for letter in letters if letter.service == service]
        if mine:
            box.replay(mine)
    print(f"{len(letters)} replayed")
    return 0


def _drop(boxes: dict[str, DeadLetters], letter: Letter, reason: str) -> int:
    boxes[letter.service].drop(letter, reason)
    print(f"{letter.service} {letter.id} dropped")
    return 0


def _origin(letter: Letter) -> str:
    return "/".join(letter.origin)


def _complain(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
