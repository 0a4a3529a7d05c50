"""Boxes are written as Django's own templates would write them, whatever stands in them."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.boxes import WRITERS, written
from config.forms import Renderer

TEXTS = ("", "plain", "a \"b\" & <c> 'd'", mark_safe("<b>safe</b>"), gettext_lazy("“later”"), 12345, 1.5, None, True, 0)
CHOICES = [
    ("", "—"), (1234, 5678), (None, "none"), ("a&b", "<c>"), (True, mark_safe("<i>d</i>")), ("g", gettext_lazy("“e”")),
    ("Group & one", [("x", "X"), ("y", "Y")]), ("", [("z", "Z")]),
]  # fmt: skip
ATTRS = {"id": "id_a", "required": True, "disabled": False, "data-n": 12345, "maxlength": "3", "title": "a \"b\" & 'c'"}


def by_template(widget, name, value, attrs=None):
    return widget.render(name, value, attrs, renderer=TemplatesSetting())


@pytest.mark.parametrize("value", [*TEXTS, date(2026, 3, 1), time(9, 30)], ids=repr)
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
        forms.SearchInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.CheckboxInput, forms.FileInput,
        forms.Textarea,
    ],
)  # fmt: skip
def test_a_box_is_what_its_template_makes_of_it(widget, value):
    assert widget.template_name in WRITERS
    for attrs in ({}, ATTRS):
        box = widget(attrs=attrs)
        assert box.render("a&b", value, renderer=Renderer()) == by_template(box, "a&b", value)


@pytest.mark.parametrize("value", ["", None, "1234", 1234, "a&b", "y", ["x", "1234"], "nothing of these"], ids=repr)
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_list_of_choices_is_too_but_for_blank_lines(widget, value):
    assert widget.template_name in WRITERS
    box = widget(attrs=ATTRS) if widget is forms.NullBooleanSelect else widget(attrs=ATTRS, choices=CHOICES)
    asked = "a" if widget is forms.NullBooleanSelect and isinstance(value, list) else value
    assert box.render("a&b", asked, renderer=Renderer()) == re.sub(r"\n+", "\n", by_template(box, "a&b", asked))


def test_options_with_a_template_of_their_own_keep_it():
    class Told(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    box = Told(choices=CHOICES)
    assert 'type="select"' in box.render("a", "x", renderer=Renderer())
    assert box.render("a", "x", renderer=Renderer()) == by_template(box, "a", "x")


@pytest.mark.parametrize("tag", [None, "legend"])
@pytest.mark.parametrize("attrs", [None, ATTRS])
@pytest.mark.parametrize("text", [text for text in TEXTS if isinstance(text, str | Promise) and text], ids=repr)
@pytest.mark.parametrize("auto_id", ["id_%s", False])
def test_labels_are_the_same(text, attrs, tag, auto_id):
    class Form(forms.Form):
        a = forms.CharField()

    found = [
        Form(renderer=renderer(), auto_id=auto_id)["a"].label_tag(text, attrs=attrs, tag=tag)
        for renderer in (Renderer, TemplatesSetting)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("errors", [[], ["a & b", mark_safe("<i>c</i>")]])
def test_errors_are_the_same(errors):
    found = [
        [text for made in [ErrorList(errors, renderer=renderer())] for text in (str(made), made.as_ul())]
        for renderer in (Renderer, TemplatesSetting)
    ]
    assert found[0] == found[1]
    assert bool(found[0][0]) == bool(errors)


def test_no_template_of_ours_is_passed_over():
    assert [name for name in WRITERS if (settings.BASE_DIR / "templates" / name).exists()] == []


def test_whatever_else_is_left_to_templates():
    assert written("django/forms/widgets/radio.html", {}) is None
    assert 'type="radio"' in forms.RadioSelect(choices=[("a", "A")]).render("b", "a", renderer=Renderer())
