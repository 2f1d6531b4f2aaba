"""`python -m deploy.demo [--there] [--data DIR]`: exit code 0 only if all that was told is true."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kafka.errors import KafkaError
from pymongo.errors import PyMongoError
from rich.console import Console

from deploy.demo.neighbourhood_day import show_day
from deploy.demo.real_messages import show_messages
from deploy.demo.telling import Teller
from deploy.local.layout import SERVICES, LocalError
from deploy.local.stack import environment, kafka_bootstrap, mongo_uri, public_url, service_url
from shared.contracts.envelope import SERVICES as PUBLISHING
from shared.contracts.envelope import dead_letter_topic, topic

WIDTH = 150
"""Columns where the output is no terminal: tables must stay readable in a file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo; 0 where all is true, 1 where it is not or could not be played."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--there",
        action="store_true",
        help="play on a platform that runs already, at the addresses of the environment",
    )
    which.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="a folder with answered.csv, supported.csv and labelled.csv: file these messages",
    )
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    teller = Teller(console)
    try:
        if options.data is None:
            differences = show_day(teller, there=options.there)
        else:
            differences = show_messages(options.data, teller)
    except LocalError as error:
        sys.stdout.flush()
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except (KafkaError, PyMongoError) as error:
        sys.stdout.flush()
        print(f"demo: a server went away: {error!r}. `make status`, `make logs`", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; `make down` stops what was started", file=sys.stderr)
        return 130
    teller.heading("接下来 · Where to look next")
    teller.say(f"{'pages':14} {public_url()}   sign in as anybody of this day")
    teller.say(f"{'interfaces':14} {public_url()}/api/docs")
    if not options.there:
        _on_this_machine(teller)
    if differences:
        teller.differences(differences)
        console.print(f"\n[bold red]{len(differences)} differences[/]: not all of this is true.")
        return 1
    console.print("\n[bold green]All of this is true[/] in the stores, the topics and the inboxes.")
    return 0


def _on_this_machine(teller: Teller) -> None:
    for name in SERVICES:
        url = service_url(name)
        teller.say(f"{name:14} {url}/metrics   {url}/readyz")
    databases = ", ".join(environment(name)["JINLIN_MONGO_DATABASE"] for name in SERVICES)
    teller.say(f"{'MongoDB':14} {mongo_uri()}   databases {databases}")
    topics = ", ".join(topic(name) for name in PUBLISHING)
    letters = ", ".join(dead_letter_topic(name) for name in PUBLISHING)
    teller.say(f"{'Kafka':14} {kafka_bootstrap()}   topics {topics}")
    teller.say(f"{'':14} dead letters {letters}")
    inbox = f"{service_url('notifications')}/inbox"
    teller.say(f"{'an inbox':14} TOKEN=$(make -s token SUB=demo-r-he ROLE=resident)")
    teller.say(f'{"":14} curl -H "Authorization: Bearer $TOKEN" {inbox}')
    teller.say(f"{'commands':14} make status   make logs SERVICE=petitions   make dlq   make down")


if __name__ == "__main__":
    sys.exit(main())
