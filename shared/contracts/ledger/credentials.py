"""Credentials: issued, shown, revoked. Ids, digests and times."""
