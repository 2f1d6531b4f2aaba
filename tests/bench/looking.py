"""Pages: how soon the gateway has made one, with 100,000 petitions stored.

Each is asked for one after the other by people with sessions of their own, from sign-in to the last
byte of HTML as a browser would: what is measured is the server's time and a connection on this
machine.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from deploy.local.layout import LocalError
from deploy.local.stack import SECRETS
from services.gateway.identity.cookies import SESSION
from services.gateway.identity.sealing import Seal
from services.gateway.identity.session import Kept, Tokens
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.load import percentile
from tests.bench.platform import DAY, DISTRICT, NEIGHBOURHOODS, neighbourhoods

STORED = 100_000
ASKED = 100
"""Pages of each kind, one after the other."""
PEOPLE = NEIGHBOURHOODS
"""So many residents and officers take turns, the officers each of a neighbourhood of their own."""
STREET = f"{DISTRICT}-s"
MAIN_ENDS = b"</main>"


@dataclass(frozen=True, slots=True)
class Looked:
    """How long pages of one kind took, in milliseconds: the first, when nobody had asked for it
    lately, and 95 of 100.
    """

    first: float
    p95: float


def page_p95_ms(bench: Bench) -> Figure:
    """The slowest of the main pages."""
    bench.ready(consumer=True)
    bench.fill(STORED)
    bench.consumer_done()
    with _browser(bench) as browser:
        looked = {name: _looked(ask) for name, ask in _pages(bench, browser).items()}
    told = ", ".join(
        f"{name} {one.p95:.0f} (first {one.first:.0f})" for name, one in looked.items()
    )
    return Figure(
        max(one.p95 for one in looked.values()), f"ms: {told}; {bench.stored():,} petitions stored"
    )


def _looked(ask: Callable[[int], None]) -> Looked:
    took = []
    for number in range(ASKED):
        began = time.perf_counter()
        ask(number)
        took.append(1000 * (time.perf_counter() - began))
    return Looked(took[0], percentile(took, 0.95))


@contextmanager
def _browser(bench: Bench) -> Iterator[httpx.Client]:
    """What asks: one connection that is kept, as browsers do."""
    url = bench.platform.service("gateway").url
    headers = {"Accept": "text/html", "Accept-Language": "zh-CN"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def _pages(bench: Bench, browser: httpx.Client) -> Mapping[str, Callable[[int], None]]:
    """What is looked at, by name; each look is somebody else's or about something else."""
    places = neighbourhoods()
    residents = [_session(bench, f"resident-{n}", "resident", DISTRICT) for n in range(PEOPLE)]
    holders = [
        _session(bench, f"bench-holder-{n}", "neighbourhood-staff", place)
        for n, place in enumerate(places)
    ]
    leader = _session(bench, "bench-street", "street-staff", STREET)
    found = bench.platform.store("petitions")["state_petition"]
    sampled = found.aggregate([{"$sample": {"size": ASKED}}, {"$project": {"_id": 1}}])
    ids = [str(one["_id"]) for one in sampled]

    def look(path: str, session: str) -> None:
        answer = browser.get(path, headers={"Cookie": session})
        if answer.status_code != 200 or MAIN_ENDS not in answer.content:
            raise LocalError(f"{path}: {answer.status_code} {answer.text[:300]}")

    return {
        "my cases": lambda n: look("/petitions", residents[n % PEOPLE]),
        "board": lambda n: look(f"/board?place={places[n % PEOPLE]}", residents[n % PEOPLE]),
        "work queue": lambda n: look("/work", holders[n % PEOPLE]),
        "work queue of the street": lambda _: look("/work", leader),
        "case": lambda n: look(f"/work/petitions/{ids[n]}", leader),
        "street": lambda _: look("/work/statistics", leader),
    }


def _session(bench: Bench, sub: str, role: str, place: str) -> str:
    """The cookie of somebody who has signed in: as the gateway gives it, without the issuer's
    forms.
    """
    now = time.time()
    token = bench.platform.issuer.token(sub, [role], [place], lifetime=DAY)
    kept = Kept(
        id=f"session-of-{sub}",
        sid=None,
        sub=sub,
        name=sub,
        language=None,
        begun=now,
        renewed=now,
        authenticated=now,
        tokens=Tokens(token, now + DAY, None, None),
    )
    sealed = Seal(SECRETS["JINLIN_COOKIE_SECRET"], "session").sealed(kept)
    return f"{SESSION}=1~{sealed}"
