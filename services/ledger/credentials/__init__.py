"""The forms of credentials: how they are written, signed, shown and checked. Pure; without network
and store.
"""
