"""The public language of gateway: it has no word yet. What all its processes must know of each
other (keys, ended sessions) is nobody else's business.
"""
