"""What the image is made of, and that nothing secret was checked in."""
