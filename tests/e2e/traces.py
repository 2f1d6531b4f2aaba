"""What the stores hold of somebody: looked for in the bytes, wherever a document has it."""

from collections.abc import Iterable

from tests.e2e.town import Town


def traces(town: Town, services: Iterable[str], marks: Iterable[str]) -> dict[str, set[str]]:
    """Each mark that is anywhere in a document, in keys and binaries too, with the collections that
    have it. BSON keeps texts as UTF-8: a document need not be read for it.
    """
    sought = {mark: mark.encode() for mark in marks}
    found: dict[str, set[str]] = {}
    for service in services:
        store = town.store(service)
        for collection in store.list_collection_names():
            for batch in store[collection].find_raw_batches():
                for mark in (mark for mark, text in sought.items() if text in batch):
                    found.setdefault(mark, set()).add(f"{service}.{collection}")
    return found
