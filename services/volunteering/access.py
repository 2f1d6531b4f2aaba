"""Who may do what here, beyond the policies that every service has."""

from shared.runtime.policies import administrator, role, within_place

STAFF = (
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
)
"""Roles of those who work for the places they are responsible for."""
CONVENORS = ("community-staff", "street-staff", "district-staff")
"""Roles that found teams, and decide where teams cannot."""

staff_there = within_place(*STAFF) | administrator
convenor_there = within_place(*CONVENORS) | administrator
some_staff = role(*STAFF) | administrator
