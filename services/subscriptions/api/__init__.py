"""subscriptions over HTTP: a module per chapter, each with its tables and its queries."""

from services.subscriptions.api import catalogue, feed, my_data, webhooks

APIS = (*feed.APIS, *webhooks.APIS)

QUERIES = (*feed.QUERIES, *webhooks.QUERIES, *catalogue.QUERIES, *my_data.QUERIES)
