"""notifications over HTTP: a module per chapter, each with its tables and its queries."""

from services.notifications.api import (
    address_imports,
    delivery,
    inbox,
    my_data,
    preferences,
    robots,
    rules,
    unsubscribing,
)

APIS = (*inbox.APIS, *delivery.APIS, *preferences.APIS, *rules.APIS, *robots.APIS)

QUERIES = (
    *inbox.QUERIES,
    *delivery.QUERIES,
    *unsubscribing.QUERIES,
    *address_imports.QUERIES,
    *rules.QUERIES,
    *robots.QUERIES,
    *my_data.QUERIES,
)
