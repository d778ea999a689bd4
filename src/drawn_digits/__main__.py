"""``python -m drawn_digits`` is the command ``drawn-digits``."""

from drawn_digits.cli import main

main()
