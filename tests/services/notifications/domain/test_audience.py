"""Of an event only the news of its service are asked: the others' have nothing to say about it."""

from services.notifications.domain.audience import NEWS, TELLS_NOBODY
from shared.contracts.envelope import event_in, parse
from shared.contracts.event import emitting_service
from tests.architecture.modules import ROOT
from tests.services.notifications.telling import CASES


def test_no_other_services_news_tell_anything() -> None:
    samples = sorted((ROOT / "shared/contracts/samples").glob("*/*.json"))
    sent = [event_in(parse(file.read_bytes())) for file in samples]
    events = [*(event for event in sent if event is not None), *(event for event, _ in CASES)]
    assert len(events) > 300
    for event in events:
        service = emitting_service(type(event))
        others = [news for named, modules in NEWS.items() if named != service for news in modules]
        assert [news.__name__ for news in others if news.tellings(event)] == []


def test_who_tells_nobody_is_of_the_service_whose_news_say_so() -> None:
    for service, modules in NEWS.items():
        for news in modules:
            assert {emitting_service(event) for event in news.TELLS_NOBODY} <= {service}
    assert TELLS_NOBODY
