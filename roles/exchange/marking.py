"""Which words of two texts differ. Pure, and bounded."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# Longer texts are shown whole: comparing them word by word takes seconds.
_MOST_TOKENS = 1500

# A part of a text, and whether the other text has it too.
type Part = tuple[str, bool]


def marked(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) > _MOST_TOKENS or len(new) > _MOST_TOKENS:
        return [(before, False)], [(after, False)]
    was: list[Part] = []
    now: list[Part] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i < i_end:
            was.append(("".join(old[i:i_end]), tag == "equal"))
        if j < j_end:
            now.append(("".join(new[j:j_end]), tag == "equal"))
    return was, now
