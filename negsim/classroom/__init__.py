"""Exercises: what a teacher sets, how a student takes one, how a journal is graded by replay."""
