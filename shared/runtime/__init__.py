"""Everything a service stands on: store, bus, clock, relay, subscriber, identity, HTTP, assembly.

No service imports a database driver or a broker itself; it is written against this package.
"""
