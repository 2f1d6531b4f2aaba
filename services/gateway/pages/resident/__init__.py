"""Residents' pages."""

from starlette.routing import BaseRoute

from services.gateway.pages.resident import (
    activities,
    agreements,
    board,
    deeds,
    dispute_filing,
    disputes,
    drafting,
    evidence,
    filing,
    home,
    inbox,
    me,
    my_data,
    petitions,
    preferences,
    sessions,
    volunteer,
    wishes,
)

ROUTES: list[BaseRoute] = [
    *home.ROUTES,
    *filing.ROUTES,
    *petitions.ROUTES,
    *deeds.ROUTES,
    *board.ROUTES,
    *inbox.ROUTES,
    *preferences.ROUTES,
    *activities.ROUTES,
    *wishes.ROUTES,
    *me.ROUTES,
    *volunteer.ROUTES,
    *my_data.ROUTES,
    *dispute_filing.ROUTES,
    *evidence.ROUTES,
    *drafting.ROUTES,
    *disputes.ROUTES,
    *sessions.ROUTES,
    *agreements.ROUTES,
]
