"""Petitions over HTTP: a module per collection, each with its table and its queries."""

from services.petitions.api import duplicates, hot_topics, petitions

APIS = (petitions.petitions_api,)

QUERIES = (petitions.queries, duplicates.queries, hot_topics.queries)
