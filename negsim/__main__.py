"""`python -m negsim` is the console script."""

from negsim.cli import run

run()
