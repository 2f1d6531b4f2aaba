"""How fast, and measured how: `python -m tests.bench`, or `make bench`."""
