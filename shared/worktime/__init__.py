"""Working time in China: which days are worked (`days`), and reckoning in their hours (`hours`).

`hours` is pure, and domains may use it; `days` reads the announced calendars.
"""
