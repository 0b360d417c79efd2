"""negsim: a negotiation-state simulator and teaching tool."""

__version__ = "0.1.0"
