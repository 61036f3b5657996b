"""Scorers: each takes one case and what a system gave, and says what is right and why; one idea each."""
