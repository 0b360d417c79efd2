"""The two themes. Their colours can be told apart by everybody (Okabe and Ito 2008)."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="negsim-dark",
    primary="#56B4E9",
    secondary="#0072B2",
    accent="#E69F00",
    warning="#F0E442",
    error="#D55E00",
    success="#009E73",
    foreground="#E6E6E6",
    background="#121212",
    surface="#1C1C1C",
    panel="#2A2A2A",
    dark=True,
)
LIGHT = Theme(
    name="negsim-light",
    primary="#0072B2",
    secondary="#56B4E9",
    accent="#B35900",
    warning="#7A5C00",
    error="#A83A00",
    success="#00664B",
    foreground="#1A1A1A",
    background="#FAFAFA",
    surface="#F2F2F2",
    panel="#E0E0E0",
    dark=False,
)
