"""Exact questions about all lines of a game at once, on sets of states as decision diagrams."""

MEMORY = 350
"""How many megabytes the diagrams may take, unless told otherwise."""
