"""What services share: the public language (contracts), what they stand on (runtime), what they
know of places and posts (neighbourhood).
"""
