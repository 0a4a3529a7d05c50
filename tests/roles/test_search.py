"""What search answers, on the real catalog."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roles.marking import Marker
from roles.models import SearchKind
from roles.searching import LABELS, LONGEST, MANY, PAGE, Question, find, suggest

pytestmark = pytest.mark.django_db


def ask(text, **query):
    return find(Question.read({"q": text, **query}))


def urls(results):
    return [hit.url for hit in results.hits]


def first(text, **query):
    return urls(ask(text, **query))[0]


FDA, CODES, HIPAA = "/skills/fda-pathways/", "/skills/code-systems/", "/skills/hipaa/"


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("510(k)", FDA),
        ("ICD-10", CODES),
        ("i2b2", "/tools/i2b2/"),
        ("survial analysis", "/skills/survival-analysis/"),
        ("hipa", HIPAA),
        ("hippa", HIPAA),
        ("HIPAA’s", HIPAA),
        ("what is hipaa", HIPAA),
        ("chronic diseese", "/roles/ai-chronic-disease-management-specialist/"),
        ("pyhton", "/skills/python/"),
        ("interopability", "/skills/hl7-fhir/"),
        ("logisticregression", "/skills/logistic-regression/"),
        ("scikit learn", "/tools/scikit-learn/"),
        ("director of healthcare", "/roles/ai-healthcare-analytics-specialist/#pay"),
    ],
)
def test_the_right_thing_comes_first(asked, best):
    assert first(asked) == best


@pytest.mark.parametrize(
    "spellings",
    [
        ("510(k)", "510k", "510 k", "FDA 510(k)"),
        ("ICD-10", "ICD10", "icd 10", "ICD‑10"),
        ("de-identification", "deidentification", "de identification", "De–Identification", "DEIDENTIFICATION"),
        ("length-of-stay", "length of stay", "Length of Stay"),
        ("CI/CD", "cicd", "ci cd", "CI-CD"),
        ("TRIPOD+AI", "TRIPOD-AI", "tripod ai", "tripodai"),
        ("fast.ai", "fastai", "fast ai", "Fast AI"),
        ("P&L", "p & l", "P & L"),
        ("Kaplan-Meier", "Kaplan–Meier", "kaplan meier"),
        ("F1", "f1", "F 1"),
        ("R", "r"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_every_spelling_of_a_name_leads_to_the_same_thing(spellings):
    assert len({first(spelling) for spelling in spellings}) == 1


def test_a_thing_of_that_name_comes_before_things_that_mention_it():
    assert first("R") == "/tools/r/"
    assert urls(ask("python"))[:2] == ["/skills/python/", "/tools/python/"]


def test_titles_come_before_texts():
    results = ask("calibration")
    marked = ["<mark>" in hit.title for hit in results.hits]
    assert marked[0]
    assert False in marked


def test_a_correction_is_said_and_can_be_undone():
    results = ask("survial analysis")
    assert results.meant == "survival analysis"
    as_written = find(Question.read({"q": "survial analysis", "as": "written"}))
    assert as_written.meant == ""
    assert as_written.unknown == ["survial"]


def test_a_begun_word_is_completed():
    assert ask("hipa").meant == "hipaa"
    assert first("pathophysiol") == "/skills/chronic-disease-pathophysiology/"


def test_nothing_is_corrected_that_is_known():
    for known in ("survival analysis", "510(k)", "i2b2", "CI/CD", "models", "EHRs"):
        assert ask(known).meant == "", known


def test_words_that_nothing_has_are_named_and_left_out():
    results = ask("xqzzyv survival")
    assert results.unknown == ["xqzzyv"]
    assert first("xqzzyv survival") == "/skills/survival-analysis/"


def test_where_nothing_has_all_words_some_are_enough_and_that_is_said():
    results = ask("fairlearn kaplan genomics")
    assert results.some
    assert results.hits


def test_words_that_are_everywhere_find_nothing_by_themselves():
    assert ask("the of and").hits == []


def test_matches_are_marked():
    (hit, *_) = ask("510k").hits
    assert "<mark>" not in hit.title
    assert ask("hipaa").hits[0].title == "<mark>HIPAA</mark>"


@pytest.mark.parametrize(
    ("text", "forms", "html"),
    [
        ("An FDA 510(k), say", {"510k"}, "An FDA <mark>510(k)</mark>, say"),
        ("ICD-10-CM and ICD-10", {"icd10"}, "ICD-10-CM and <mark>ICD-10</mark>"),
        ("De-identification", {"identification"}, "De-<mark>identification</mark>"),
        ("P&L and R&D", {"pl"}, "<mark>P&amp;L</mark> and R&amp;D"),
        ("A café in <b>", {"cafe", "b"}, "A <mark>café</mark> in &lt;<mark>b</mark>&gt;"),
        ("<script>alert('x')</script>", {"alert"}, "&lt;script&gt;<mark>alert</mark>(&#x27;x&#x27;)&lt;/script&gt;"),
        ("amp & lt", {"amp", "lt"}, "<mark>amp</mark> &amp; <mark>lt</mark>"),
    ],
)
def test_marking_escapes_everything_else(text, forms, html):
    assert Marker(forms).marked(text) == html


@given(st.text(max_size=60), st.sets(st.text(min_size=1, max_size=5)))
def test_marked_text_holds_no_other_markup(text, forms):
    html = str(Marker(forms).marked(text)).replace("<mark>", "").replace("</mark>", "")
    assert not set(html) & set("<>\"'")


def test_results_are_narrowed_by_kind():
    every = ask("python")
    tools = ask("python", kind="tool")
    assert {hit.kind for hit in tools.hits} == {"Tool"}
    assert tools.found == every.kinds["tool"] > 0
    assert [facet.label for facet in tools.kinds_to_choose] == [
        "All",
        *(MANY[kind] for kind in MANY if kind in every.kinds),
    ]
    assert [facet.label for facet in tools.kinds_to_choose if facet.current] == ["Tools"]


def test_many_results_come_in_pages_that_do_not_overlap():
    seen = []
    for page in range(1, 4):
        results = ask("data", page=str(page))
        assert len(results.hits) == PAGE
        seen += [(hit.url, hit.title) for hit in results.hits]
    assert len(set(seen)) == len(seen)
    assert [each.current for each in results.pages].count(True) == 1


def test_a_page_beyond_the_last_is_empty_and_no_error():
    assert ask("hipaa", page="50").hits == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kind": "alchemy"}, "We know no kind “alchemy”"),
        ({"page": "-1"}, "There is no page “-1”"),
        ({"page": "9999999999"}, "There is no page"),
        ({"page": "²"}, "There is no page"),
        ({"q": "x" * 3000}, "longer than"),
    ],
)
def test_nonsense_is_said_and_left_out(query, said):
    question = Question.read({"q": "data", **query})
    assert said in " ".join(question.problems)
    assert question.kind == ""
    assert question.page == 1
    assert len(question.text) <= LONGEST


HOSTILE = [
    "' OR 1=1 --", "\"; DROP TABLE roles_role; --", "!&|():*<->", "a & | b", "foo:*", "<->", "%", "_", "\\", "\\'",
    "a\0b", "\0", "😀", "🩺" * 200, "شفاء", "\u202ergl", "ß", "İ", "ﬁ", "((((((", "a<b>c", "{{ 7*7 }}", "%(x)s", "%s",
    "\ud7ff", "\U0010ffff", "1e5", "-5", "a" * 200, "a-" * 100, "'" * 200, "-" * 200, "a'b\"c", "\t\n", "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_questions_are_answered(text):
    ask(text)
    suggest(Question.read({"q": text}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec="utf-8"), max_size=250)
    | st.lists(
        st.sampled_from(["hipaa", "510(k)", "'", '"', "&", "|", "!", ":*", "<->", "%", "\\", "de-", "i2b2"])
    ).map("".join)
)
def test_whatever_is_asked_gets_an_answer(text):
    results = ask(text)
    assert len(results.hits) <= PAGE
    assert all(hit.url.startswith("/") for hit in results.hits)
    assert len(suggest(Question.read({"q": text}))) <= 8


def test_suggestions_complete_the_word_that_is_being_typed():
    assert suggest(Question.read({"q": "surv"}))[0].title.lower().startswith("<mark>surviv")
    assert suggest(Question.read({"q": "hip"}))[0].url == HIPAA
    assert "/skills/chronic-disease-pathophysiology/" in {
        hit.url for hit in suggest(Question.read({"q": "chronic dis"}))
    }


def test_suggestions_survive_typing_errors():
    assert suggest(Question.read({"q": "survial"}))[0].url == "/skills/survival-analysis/"


def test_every_kind_has_its_names_and_a_weight_of_its_own_or_one():
    assert set(LABELS) == set(MANY) == set(SearchKind.values)


def test_texts_become_words_by_one_rule_for_rows_and_questions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT roles_search_text(%s), roles_search_key(%s)", ["FDA’s “510(k)”", "ICD‑10"])
        assert cursor.fetchone() == ("fda 510 k 510k", "icd10")


def test_the_rule_holds_where_the_search_path_is_empty():
    """As it is while a dump is read back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute("SELECT public.roles_search_vector('510(k)', 'PMA', 'A subtitle', 'De-identified')")
        (vector,) = cursor.fetchone()
    assert "'510k':" in vector
    assert "'deidentifi'" in vector
