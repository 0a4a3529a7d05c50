"""Questions as a package that Anki imports: a deck for each role, the question in front, a good answer behind.

Everything has the same number in each package, derived from slugs, so that importing one again updates what is there
and keeps what Anki knows about it. A question of several roles is in one deck only: it is one thing to remember.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Prefetch
from django.utils.html import escape, format_html_join
from genanki import Deck, Model, Note, Package, guid_for

from accounts.models import User
from interviews.models import Aim, Attempt, Question
from roles.models import Role, Skill
from roles.templatetags.prose import markdown

# Anki's numbers are milliseconds since 1970: ours look like those of 2001 to 2021.
_FIRST, _RANGE = 1_000_000_000_000, 600_000_000_000

_FRONT = "{{Question}}"
_BACK = """\
{{FrontSide}}<hr id="answer">{{Answer}}
{{#Key points}}<h3>Key points</h3>{{Key points}}{{/Key points}}
{{#Follow-up}}<p><b>They may ask next:</b> {{Follow-up}}</p>{{/Follow-up}}"""
_CSS = """\
.card { max-width: 40em; margin: 1em auto; padding: 0 1em; font: 1.1em/1.5 Georgia, serif; text-align: left; }
h3 { font-size: 1em; }"""


def number_of(kind: str, slug: str) -> int:
    """The number that Anki knows something by: always the same for the same slug."""
    return _FIRST + int.from_bytes(sha256(f"rounds {kind} {slug}".encode()).digest()[:8]) % _RANGE


def questions_for(learner: User, *, all_of_roles: bool) -> list[Question]:
    """What the learner answered; or all that the roles they aim at ask, answered or not."""
    answered = Attempt.objects.of(learner).values("question")
    aimed = Question.objects.open().filter(roles__in=Aim.objects.of(learner).values("role"))
    rows = aimed.distinct() if all_of_roles else Question.objects.filter(pk__in=answered)
    roles = Prefetch("roles", Role.objects.only("slug", "name", "order"))
    return list(rows.prefetch_related(roles, Prefetch("skills", Skill.objects.only("slug"))))


def package_of(learner: User, *, questions: Iterable[Question], now: datetime) -> bytes:
    """The package, an .apkg file."""
    decks = _decks(questions, first=list(Aim.objects.of(learner).values_list("role", flat=True)))
    # Without the package's own `write_to_file`, which leaves its database behind in the folder for temporary files.
    connection = sqlite3.connect(":memory:")
    try:
        Package(decks).write_to_db(connection.cursor(), now.timestamp(), _numbers(decks))
        connection.commit()
        collection = connection.serialize()
    finally:
        connection.close()
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", "{}")
    return file.getvalue()


def _decks(questions: Iterable[Question], *, first: list[int]) -> list[Deck]:
    """Each question in the deck of the first role that the learner aims at, else of the first one that asks it."""
    model = _model()
    decks: dict[str, Deck] = {}
    for question in questions:
        roles = sorted(
            question.roles.all(),
            key=lambda role: (first.index(role.pk) if role.pk in first else len(first), role.order),
        )
        slug, name = (roles[0].slug, roles[0].name) if roles else ("", "Interview questions")
        deck = decks.setdefault(slug, Deck(number_of("deck", slug), f"Rounds::{name}"))
        deck.add_note(_note(question, model))
    return list(decks.values())


def _note(question: Question, model: Model) -> Note:
    points = format_html_join("", "<li>{}</li>", ([point] for point in question.key_points))
    fields = [
        f"<p>{escape(question.prompt)}</p>",
        str(markdown(question.model_answer)),
        f"<ul>{points}</ul>",
        str(escape(question.follow_up)),
    ]
    tags = [question.category, f"level-{question.level}", *(skill.slug for skill in question.skills.all())]
    note = Note(model, fields, guid=guid_for("rounds", question.slug), tags=tags)
    note.slug = question.slug
    return note


def _numbers(decks: list[Deck]) -> Iterator[int]:
    """In the order in which the package asks for them: a note's, then its card's."""
    for deck in decks:
        for note in deck.notes:
            yield number_of("note", note.slug)
            yield number_of("card", note.slug)


def _model() -> Model:
    fields = [{"name": name} for name in ("Question", "Answer", "Key points", "Follow-up")]
    template = {"name": "Question and answer", "qfmt": _FRONT, "afmt": _BACK}
    return Model(number_of("model", "question"), "Rounds interview question", fields, [template], _CSS)
