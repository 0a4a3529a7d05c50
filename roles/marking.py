"""Texts as search results show them: in plain words, cut where they get long, and what was asked for in a <mark>.

Words are told apart as `roles/sql/search_words.sql` does it. A page marks some thousand words, so those that have
nothing to do with the question are passed over quickly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

LONGEST_TEXT = 230
# Words as they are asked for: compounds count as one word, or by their parts.
_WORD = re.compile(r"[^\W_]+(?:\([^\W_]+\)|[-_/.+&'@:*‐‑‒–−’][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_ENDS = ".,;:!?)]”’"
# What may stand in and around a compound that is asked for as one word.
_JOINERS = str.maketrans("", "", "-_/.+&'@:*(),;!?[]\"")


class Marker:
    """Writes texts as HTML, each word that was asked for in a <mark>."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = frozenset(forms)

    def marked(self, text: str) -> SafeString:
        forms = self._forms
        words = text.split(" ")
        for place, word in enumerate(text.lower().split(" ")):
            if word in forms:
                words[place] = f"<mark>{escape(words[place])}</mark>"
            elif not (word.isalnum() and word.isascii()):
                words[place] = self._with_punctuation(words[place], word)
        return mark_safe(" ".join(words))  # noqa: S308  (escaped word by word)

    def _with_punctuation(self, text: str, small: str) -> str:
        """A stretch without spaces, with more to it than letters."""
        core = small.rstrip(_ENDS)
        if core.isalnum() and core.isascii():
            end = len(core)
            return (f"<mark>{text[:end]}</mark>" if core in self._forms else text[:end]) + escape(text[end:])
        if small.isascii() and small.translate(_JOINERS) not in self._forms and not any(map(small.count, self._forms)):
            return escape(text)
        return self._looked_at(text)

    def _looked_at(self, text: str) -> str:
        """A stretch of text without spaces that may hold words that were asked for, as HTML."""
        pieces: list[str] = []
        end = 0
        for word in _WORD.finditer(text):
            pieces += escape(text[end : word.start()]), self._found(word[0])
            end = word.end()
        return "".join(pieces) + escape(text[end:])

    def _found(self, word: str) -> str:
        """A word or compound, as HTML."""
        parts = list(_PART.finditer(word))
        if _plain("".join(part[0] for part in parts)) in self._forms:
            return f"<mark>{escape(word)}</mark>"
        if len(parts) == 1:
            return escape(word)
        pieces: list[str] = []
        end = 0
        for part in parts:
            pieces += escape(word[end : part.start()]), self._found(part[0])
            end = part.end()
        return "".join(pieces) + escape(word[end:])


def _plain(word: str) -> str:
    """Lower case and without accents, as the database spells it."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))


# What Markdown adds to a text, and links of which only the words are shown.
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)\s]*\)|[*`#>|]+|\n\s*(?:[-+]|\d+\.)?\s*|\\")


def in_plain_words(text: str) -> str:
    """A text that may hold Markdown, or begin and end within it, as one short paragraph."""
    if _MARKUP.search(text):
        text = " ".join(_MARKUP.sub(_unmarked, text).split())
    if text.startswith("…"):  # an excerpt, which begins within a word
        text = f"… {text.partition(' ')[2]}"
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _unmarked(markup: re.Match[str]) -> str:
    return markup[1] or (" " if markup[0][0] == "\n" else "")
