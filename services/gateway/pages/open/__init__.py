"""Pages for everybody, signed in or not."""

from starlette.routing import BaseRoute

from services.gateway.pages.open import choices, receipts

ROUTES: list[BaseRoute] = [*choices.ROUTES, *receipts.ROUTES]
