"""Writes docs/capacity.md anew."""

from tests.capacity.city import city
from tests.capacity.measured import measured
from tests.capacity.page import PAGE, text

if __name__ == "__main__":
    PAGE.write_text(text(city(measured())), encoding="utf-8")
    print(f"{PAGE} is written")
