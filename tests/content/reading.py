"""The committed index of facts, and rows as one text in one spelling."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from django.db import models

FACTS = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """One spelling for what means the same: case, dashes, “X to Y”, “billion”, “K”, separators of thousands."""
    text = unicodedata.normalize("NFKC", text).lower().replace("–", "-").replace("—", "-").replace("’", "'")
    text = re.sub(r"(?<=\d)\s+to\s+(?=\$?\d)", "-", text)
    text = re.sub(r"(?<=\d) ?billion", "b", text)
    text = re.sub(r"(?<=\d)k\b", "000", text)
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def words_of(*rows: models.Model) -> str:
    """Everything that the rows say, in one spelling."""
    values = (getattr(row, field.attname) for row in rows for field in row._meta.concrete_fields)
    lists = (" ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values)
    return plain(" ".join(lists))


def says(text: str, term: str) -> bool:
    """Whether a text has every word of a term, by stem and in either spelling of English."""
    return all(_stem(word) in text for word in re.findall(r"[a-z]+", plain(term)))


def _stem(word: str) -> str:
    american = word.replace("isation", "ization").replace("programme", "program")
    return american if len(american) <= 4 else american[: max(4, len(american) - 3)]
