"""Who the demo people are, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass

ANALYTICS = "ai-healthcare-analytics-specialist"
COORDINATION = "ai-care-coordination-specialist"
CHRONIC = "ai-chronic-disease-management-specialist"

COHORT = "winter-analytics"


@dataclass(frozen=True, slots=True)
class Path:
    """One roadmap of one person.

    `milestones` has a letter for each milestone from the first on:
    A approved, B approved in the second round, R returned, T returned twice, C claimed, W waiting, N waiting again
    (first refusal runs), O waiting for a second opinion, D evidence at hand but not handed in.
    """

    role: str
    done: int  # goals
    milestones: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One demo account."""

    front: str  # of the address
    name: str
    timezone: str
    hours: int
    paths: tuple[Path, ...] = ()
    in_cohort: bool = False
    quiet: int = 2  # days since they last did anything
    blocker: str = ""
    mentor: bool = False
    editor: bool = False
    superuser: bool = False


# The accounts that `make run` prints.
ACCOUNTS = (
    Person(
        "learner",
        "Ines Okonjo",
        "Europe/Lisbon",
        9,
        (Path(ANALYTICS, 5, "AR"), Path(COORDINATION, 2)),
        in_cohort=True,
    ),
    Person("mentor", "Ruth Adeyemi", "America/New_York", 4, mentor=True),
    Person("mentor2", "Jonas Lindqvist", "Europe/Stockholm", 3, mentor=True),
    Person("editor", "Mei-Ling Zhao", "America/Los_Angeles", 6, editor=True),
    Person("staff", "Priya Raman", "UTC", 8, superuser=True),
)


def _member(
    front: str, name: str, zone: str, hours: int, done: int, milestones: str, *, quiet: int = 2, blocker: str = ""
) -> Person:
    return Person(front, name, zone, hours, (Path(ANALYTICS, done, milestones),), True, quiet, blocker)


# The winter cohort: 24 with the learner above.
MEMBERS = (
    _member("ana", "Ana Duarte", "America/Sao_Paulo", 12, 17, "ABAAAD"),
    _member("bashir", "Bashir Haddad", "Asia/Amman", 8, 9, "AAN", quiet=1),
    _member("chloe", "Chloe Marsh", "Europe/London", 6, 7, "AA"),
    _member(
        "daniel", "Daniel Acker", "America/Denver", 5, 5, "AD", quiet=16, blocker="My laptop cannot hold the data."
    ),
    _member("esi", "Esi Mensah", "Africa/Accra", 10, 11, "ABAD", quiet=1),
    _member("farid", "Farid Rahimi", "Asia/Dubai", 9, 3, "T", quiet=3),
    _member("hana", "Hana Kobayashi", "Asia/Tokyo", 7, 8, "AA"),
    _member("tom", "Tom Berger", "Europe/Berlin", 5, 11, "BAA"),
    _member("grace", "Grace Kim", "America/Chicago", 6, 1, "", quiet=4),
    _member("noor", "Noor van Dijk", "Europe/Amsterdam", 4, 4, "A", quiet=21),
    _member("malik", "Malik Osei", "Africa/Accra", 11, 9, "ABC", quiet=1),
    _member("leila", "Leila Moreau", "Europe/Paris", 8, 7, "AA", quiet=6),
    _member("pavel", "Pavel Horak", "Europe/Prague", 8, 8, "BA"),
    _member("rosa", "Rosa Jimenez", "America/Bogota", 9, 9, "AAW", quiet=1),
    _member("jun", "Jun Tanaka", "Asia/Tokyo", 14, 12, "AAAC", quiet=1),
    _member("maya", "Maya Lindholm", "Europe/Helsinki", 7, 6, "AW", quiet=2),
    _member("omar", "Omar Farouk", "Africa/Cairo", 6, 6, "AO", quiet=2),
    _member("petra", "Petra Novak", "Europe/Vienna", 8, 10, "ABA"),
    _member("samuel", "Samuel Adjei", "Europe/London", 5, 3, "W", quiet=1),
    _member("tara", "Tara O’Brien", "Europe/Dublin", 10, 12, "AAAR", quiet=5),
    _member("viktor", "Viktor Petrov", "Europe/Sofia", 9, 6, "BR", quiet=9),
    _member("wei", "Wei Chen", "Asia/Singapore", 13, 18, "AAAAAA", quiet=1),
    _member("yara", "Yara Costa", "America/Sao_Paulo", 6, 4, "A", quiet=17),
)

# On their own: what they hand in stands in the open pool.
OTHERS = (
    Person("amara", "Amara Nwosu", "Africa/Lagos", 12, (Path(COORDINATION, 9, "ABW"),)),
    Person("sofia", "Sofia Marchetti", "Europe/Rome", 8, (Path(CHRONIC, 7, "AW"),)),
    Person("dev", "Dev Patel", "Asia/Kolkata", 15, (Path(CHRONIC, 20, "AAAWW"),)),
    Person("lena", "Lena Vogt", "Europe/Zurich", 7, (Path(COORDINATION, 6, "AW"), Path(ANALYTICS, 3, "W"))),
    Person("kofi", "Kofi Boateng", "Africa/Accra", 9, (Path(CHRONIC, 4, "W"),)),
    Person("nadia", "Nadia Rahman", "Asia/Dhaka", 10, (Path(COORDINATION, 12, "AAAW"),)),
    Person("erik", "Erik Sandberg", "Europe/Oslo", 6, (Path(ANALYTICS, 6, "AW"),)),
    Person("isabel", "Isabel Ferreira", "Europe/Lisbon", 8, (Path(CHRONIC, 8, "AW"),)),
    Person("hugo", "Hugo Tremblay", "America/Toronto", 9, (Path(ANALYTICS, 9, "ABW"),)),
    Person("zeynep", "Zeynep Aydin", "Europe/Istanbul", 7, (Path(COORDINATION, 3, "W"),)),
    Person("ravi", "Ravi Menon", "Asia/Kolkata", 11, (Path(ANALYTICS, 12, "AAAW"), Path(CHRONIC, 4, "O"))),
    Person("clara", "Clara Weiss", "Europe/Berlin", 5, (Path(CHRONIC, 4, "N"),)),
    Person("idris", "Idris Bello", "Africa/Lagos", 8),
)
