"""What the ledger seals and issues there: values by field, and by event where they differ."""

from typing import Any

from shared.contracts.story.cast import RESIDENT, STAFF

_ROOT = "6bc35492f881f4f458dd0f16dcb6029fdb19d0b75a655f7442cfa932e871f79b"

VALUES: dict[str, Any] = {
    "entries": [
        [
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "certificate",
            "volunteering/certificate-019cac0f42a07d3e5b8a4c1f60927c01/1/0",
            "2026-03-02T01:16:00.000Z",
        ]
    ],
    "frontier": [_ROOT],
    "log": "main",
    "note": (
        "jinlin.local/ledger\n1\na8NUkviB9PRY3Q8W3LYCn9sZ0LdaZV90Qs+pMuhx95s=\n\n"
        "— jinlin.local/ledger pScJ0AAAAABppOUMSgbyvxZJcrDzLdIsRD7IpnHnruHcMHYkKyuA7gIqI0FN5fgT"
        "8U/6PDr27o2nv6ZRKDEJMlH38ANB6z9q2wi6Bw==\n"
    ),
    "root": _ROOT,
    "sealed_at": "2026-03-02T01:16:00.250Z",
}
"""Of the log."""

VALUES |= {
    "about": "volunteering-hours",
    "credential": "6d3f0b9a52c84e17a4d2c1905be8f743",
    "revoked_by": STAFF,
    "valid_until": "2029-05-02T02:10:00Z",
}
"""Of credentials."""

VALUES_OF: dict[str, dict[str, Any]] = {
    "EntriesSealed": {"first": 0},
    "TreeHeadSigned": {"size": 1},
    "LogKeyFollowed": {
        "key": "jinlin.local/ledger+a52709d0+BBpgBPdfoY5v+9zc38P8EygGkhZHY07Hc2YyATs+MWKE"
    },
    "CredentialIssued": {
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "holder": RESIDENT,
        "replaces": "b27f4c8d01e94a36a5f3de702c6b9188",
    },
    "CredentialRevoked": {"holder": RESIDENT, "because": "misused"},
    "CredentialExpired": {"holder": RESIDENT},
}
