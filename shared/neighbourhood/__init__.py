"""What services other than community know of places and posts: their own copy of just that.

A service that needs it takes the aggregates `place` and `post` into its own store, the reactions
that keep them fresh, and `shared.runtime.copies.Copy` of each in memory.
"""
