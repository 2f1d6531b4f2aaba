"""What an operator runs by hand: ``python -m shared.runtime.tools.<name>``."""
