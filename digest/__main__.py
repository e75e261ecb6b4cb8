"""`python -m digest`: the same program as `digest`."""

from digest.cli import main

main()
