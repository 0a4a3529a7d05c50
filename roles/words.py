"""English that depends on sound: “an AI specialist”, “a FHIR server”."""

from __future__ import annotations

# Abbreviations that are spoken letter by letter and whose first letter's name begins with a vowel: “em ell”.
_SPELLED_WITH_VOWEL = frozenset("AEFHILMNORSX")
# Abbreviations that are spoken as words, or that begin otherwise than their letters say.
_SPOKEN_AS_WORDS = frozenset(
    {"FHIR", "HIMSS", "HIPAA", "LIME", "LOINC", "MIMIC", "NICE", "RAG", "REST", "SHAP", "SMART", "SNOMED", "SQL"}
)
# Words whose spelling misleads.
_WITH_A = ("eu", "one", "unif", "unio", "uniq", "unit", "univ", "use", "usu", "uti")
_WITH_AN = ("heir", "honest", "honor", "hour")

_TO_NINETEEN = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def article(phrase: str) -> str:
    """“a” or “an”, by the sound of the phrase’s first word."""
    word = phrase.split()[0].strip("“”\"'‘’(") if phrase.strip() else ""
    head = word.split("-")[0].split("/")[0]
    if _is_spelled(head):
        return "an" if head[0] in _SPELLED_WITH_VOWEL else "a"
    low = word.lower()
    if low.startswith(_WITH_AN):
        return "an"
    if low.startswith(_WITH_A):
        return "a"
    return "an" if low[:1] in set("aeiou") else "a"


def with_article(phrase: str) -> str:
    return f"{article(phrase)} {phrase}"


def listed(words: list[str]) -> str:
    """“A”, “A and B”, “A, B and C”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def in_words(count: int) -> str:
    """A number at the head of a sentence: “None”, “Three”, “Twenty-one”; from a hundred on in digits."""
    if count >= 100:
        return str(count)
    ten, one = divmod(count, 10)
    word = _TO_NINETEEN[count] if count < 20 else f"{_TENS[ten - 2]}-{_TO_NINETEEN[one]}" if one else _TENS[ten - 2]
    return word.capitalize()


def _is_spelled(word: str) -> bool:
    """Whether a word is spoken letter by letter: “NLP”, “MLOps”, “ICD”; not “FHIR”, not “Python”."""
    return word not in _SPOKEN_AS_WORDS and len(word) > 1 and word[:2].isupper()
