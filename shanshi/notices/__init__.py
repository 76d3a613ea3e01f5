"""Telling people: what, by which channel, when, and what became of it."""
