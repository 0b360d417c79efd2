"""Exact questions about all lines of a game at once, on sets of states as decision diagrams."""
