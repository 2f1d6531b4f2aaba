"""Merkle trees by RFC 6962, their signed heads and proofs: reckoned and checked offline.

Only the standard library, but for `shared.merkle.ed25519`.
"""
