"""Capacity: a model of one process that first says again what was measured, then what a city needs.

``python -m tests.capacity`` writes docs/capacity.md: all that stands in it is reckoned here.
"""
