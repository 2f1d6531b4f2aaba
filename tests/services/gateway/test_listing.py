"""What of a service can be reached."""

import pytest

from services.gateway.upstream.listing import Listing
from tests.services.gateway.behind import DOCUMENT

LISTING = Listing(DOCUMENT)


def found(path: str) -> dict[str, str]:
    """By method, the template that a path fits."""
    operations = LISTING.find(path.strip("/").split("/"))
    return {method: operation.path for method, operation in operations.items()}


@pytest.mark.parametrize(
    ("path", "templates"),
    [
        ("/things", {"GET": "/things", "POST": "/things"}),
        ("/things/7", {"GET": "/things/{id}"}),
        ("/things/mine", {"GET": "/things/mine"}),
        ("/things/mine/mend", {"POST": "/things/{id}/mend"}),
        ("/calendars/abc.ics", {"GET": "/calendars/{code}.ics"}),
        ("/calendars/a.b.ics", {"GET": "/calendars/{code}.ics"}),
        ("/calendars/.ics", {}),
        ("/calendars/abcXics", {}),
        ("/things/7/break", {}),
        ("/nothing", {}),
        ("/livez", {}),
        ("/metrics", {}),
    ],
)
def test_a_path_is_found_by_its_template(path: str, templates: dict[str, str]) -> None:
    assert found(path) == templates


def test_who_may_wait_is_known() -> None:
    assert LISTING.find(["feed"])["GET"].waits
    assert not LISTING.find(["things"])["GET"].waits


@pytest.mark.parametrize("document", [{}, {"paths": None}, {"paths": []}])
def test_what_is_no_document_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no paths"):
        Listing(document)
