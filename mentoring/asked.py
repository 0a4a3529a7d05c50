"""What a submission answers, frozen at the moment it is handed in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str  # permanent, a UUID
    text: str
    required: bool = True
    scale: tuple[str, ...] = ()  # what each score means, from 1; empty where it is met or not

    def to_json(self) -> dict[str, Any]:
        """What stands in every submission, so without what it does not have."""
        return {name: value for name, value in asdict(self).items() if name != "scale" or value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Criterion:
        return cls(**{**data, "scale": tuple(data.get("scale", ()))})


@dataclass(frozen=True)
class Asked:
    """The wording as the learner saw it."""

    title: str  # such as “Prediction models for the clinic”
    place: str  # where it stands, such as “Milestone 3”
    text: str  # what is to be shown
    brief: str = ""  # Markdown
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def required(self) -> frozenset[str]:
        """Keys of the criteria without which nothing is approved."""
        return frozenset(each.key for each in self.criteria if each.required)

    @cached_property
    def is_scored(self) -> bool:
        """Whether a mentor scores it on scales, in place of saying what is met."""
        return any(each.scale for each in self.criteria)

    @cached_property
    def by_key(self) -> Mapping[str, Criterion]:
        return {each.key: each for each in self.criteria}

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"criteria": [each.to_json() for each in self.criteria]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Asked:
        return cls(**data | {"criteria": tuple(Criterion.from_json(each) for each in data["criteria"])})
