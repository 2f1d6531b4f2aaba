"""One's own data over HTTP: the petitions that the caller filed, in one document."""

from services.petitions.api.petitions import petitions_api
from shared.runtime.own_data import Held, own_data

queries = own_data((Held(petitions_api, "petitioner"),))
