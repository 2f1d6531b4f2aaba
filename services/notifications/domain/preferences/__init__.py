"""Preferences (通知偏好): how a person wants to be told, by which ways, when, and of what not.

What the person said goes before what any other system knows: an import never gives back what they
turned off or took away.
"""
