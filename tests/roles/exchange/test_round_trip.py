"""What was exported comes back and changes nothing, whatever the format and whatever stands in it."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from accounts.spreadsheets import guarded, unguarded
from interviews.models import Question
from roles.exchange.columns import columns_of, content_models
from roles.exchange.keys import Keys
from roles.exchange.planning import plan
from roles.exchange.reading import read
from roles.exchange.writing import Format, NotWritableError, written
from roles.models import Goal, Outcome, Skill

FORMATS = pytest.mark.parametrize("format", list(Format))
MODELS = pytest.mark.parametrize("model", content_models().values(), ids=list(content_models()))
# What a spreadsheet would run, or spoil.
NASTY = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "''=1",
    "'tis plain",
    "＝1",
    " =1",
    '"quoted", with, commas; and\nlines',
    "0012",
    "1e5",
    "2026-01-05",
    "TRUE",
    " spaces around ",
    "naïve ✓ 漢字 🩺",
    "_x000D_",
]


def again(model, content: bytes):
    format, rows = read(content)
    columns = columns_of(model)
    return format, plan(columns, rows, Keys(), told=lambda done: None)


@FORMATS
@MODELS
def test_what_was_exported_changes_nothing(model, format, db):
    found, planned = again(model, written(columns_of(model), model.objects.all(), format))
    assert found == format, "told by its content"
    assert len(planned) == model.objects.count() > 0
    assert {each.outcome for each in planned} == {Outcome.UNCHANGED}, [each.faults for each in planned if each.faults]


@FORMATS
@pytest.mark.parametrize("text", NASTY)
def test_every_text_comes_back_as_it_was(text, format, db):
    Skill.objects.filter(slug="hipaa").update(summary=text, aliases=[text.strip().replace("\n", " "), "PHI"])
    _, planned = again(Skill, written(columns_of(Skill), Skill.objects.filter(slug="hipaa"), format))
    assert [(each.outcome, each.changes, each.faults) for each in planned] == [(Outcome.UNCHANGED, {}, [])]


@pytest.mark.parametrize("text", NASTY)
def test_a_guarded_text_is_found_again(text):
    assert unguarded(guarded(text)) == text


def test_no_cell_of_csv_is_run(db):
    Skill.objects.filter(slug="hipaa").update(summary="=1+1", what="@cmd", pitfalls="\t=2")
    text = written(columns_of(Skill), Skill.objects.filter(slug="hipaa"), Format.CSV).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert [row["summary"], row["what"], row["pitfalls"]] == ["'=1+1", "'@cmd", "'\t=2"]


def test_cells_of_a_workbook_are_texts_and_stay_texts_when_they_are_edited(db):
    Skill.objects.filter(slug="hipaa").update(summary="=1+1")
    book = load_workbook(BytesIO(written(columns_of(Skill), Skill.objects.filter(slug="hipaa"), Format.XLSX)))
    head, row = book.worksheets[0].iter_rows()
    cell = row[[each.value for each in head].index("summary")]
    assert (cell.value, cell.data_type, cell.number_format, cell.quotePrefix) == ("=1+1", "s", "@", True)


def test_what_a_workbook_cannot_hold_is_said(db):
    for text in ("x" * 32_768, "bell \a"):
        Skill.objects.filter(slug="hipaa").update(summary=text)
        with pytest.raises(NotWritableError, match="row 2, summary.*Take CSV or JSON"):
            written(columns_of(Skill), Skill.objects.filter(slug="hipaa"), Format.XLSX)
        _, planned = again(Skill, written(columns_of(Skill), Skill.objects.filter(slug="hipaa"), Format.CSV))
        assert planned[0].outcome == Outcome.UNCHANGED


def test_json_has_lists_and_numbers_and_csv_has_words(db):
    question = Question.objects.filter(retired=False).first()
    rows = Question.objects.filter(pk=question.pk)
    (entry,) = json.loads(written(columns_of(Question), rows, Format.JSON))
    assert entry["roles"] == sorted(question.roles.values_list("slug", flat=True))
    assert entry["key_points"] == question.key_points
    assert (entry["level"], entry["retired"]) == (question.level, False)
    text = written(columns_of(Question), rows, Format.CSV).decode("utf-8-sig")
    (cells,) = csv.DictReader(StringIO(text))
    assert cells["roles"] == ", ".join(entry["roles"])
    assert cells["key_points"].split("\n") == [guarded(each) for each in question.key_points]
    assert (cells["level"], cells["retired"]) == (str(question.level), "no")


def test_a_goal_is_found_by_its_permanent_key(db):
    goal = Goal.objects.first()
    (entry,) = json.loads(written(columns_of(Goal), Goal.objects.filter(pk=goal.pk), Format.JSON))
    assert entry["key"] == str(goal.key)
    assert entry["phase"] == f"{goal.phase.role.slug}/{goal.phase.slug}"
    assert "id" not in entry
