"""Makes a key for push messages: ``python -m services.notifications.channels.new_key``."""

from cryptography.hazmat.primitives.asymmetric import ec

from services.notifications.channels.push import CURVE, encoded, point_of


def main() -> None:
    """Prints a private key, and on the next line what browsers subscribe with."""
    key = ec.generate_private_key(CURVE)
    print(encoded(key.private_numbers().private_value.to_bytes(32)))
    print(encoded(point_of(key.public_key())))


if __name__ == "__main__":
    main()
