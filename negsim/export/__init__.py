"""A game in the formats of other tools: pictures, a model for SPIN, and the table as data."""
