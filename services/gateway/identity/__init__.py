"""Who somebody at the door is: signing in and out, and the session that follows."""

from starlette.routing import BaseRoute

from services.gateway.identity import asking, signing_in, signing_out
from services.gateway.identity.asking import (
    csrf_field,
    form_of,
    freshly_signed_in,
    own_form,
    session_of,
    signed_in,
    token_for_api,
    unrenewed,
)
from services.gateway.identity.session import Forged, Session, SignInFirst
from services.gateway.identity.sessions import Sessions
from services.gateway.identity.signing_in import address_of as sign_in_address
from services.gateway.identity.signing_out import leave_for_good

ROUTES: list[BaseRoute] = [*asking.ROUTES, *signing_in.ROUTES, *signing_out.ROUTES]

__all__ = (
    "ROUTES",
    "Forged",
    "Session",
    "Sessions",
    "SignInFirst",
    "csrf_field",
    "form_of",
    "freshly_signed_in",
    "leave_for_good",
    "own_form",
    "session_of",
    "sign_in_address",
    "signed_in",
    "token_for_api",
    "unrenewed",
)
