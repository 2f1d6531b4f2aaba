"""What services other than community know of places, posts and people: their own copy of just
that.

A service that needs it takes the aggregates (`place`, `post`, ...) into its own store, the
reactions that keep them fresh, and `shared.runtime.copies.Copy` of each in memory; a `home` is
looked at beside a command: there are too many to be kept.
"""
