"""Choosing a role: side by side, by a few questions, by the skills that one has."""
