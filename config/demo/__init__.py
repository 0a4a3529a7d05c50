"""Demo people, who look like people at work: different paces, returned milestones, reviews that wait.

Seeded: the same on every machine, dated back from the day they are loaded. Only with DEBUG on (`accounts.demo`).
"""

from config.demo.loading import load_people
from config.demo.people import ACCOUNTS

__all__ = ["ACCOUNTS", "load_people"]
