from html import escape
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from accounts import access
from accounts.theme import theme_of
from roles.frames import frame
from roles.searching import Facet, Hit, PageLink, Question, Results, find, suggest
from roles.visitor_pages import is_visitor, kept_answers

# What the page offers to somebody who has not asked for anything yet, or found nothing.
EXAMPLES = ("HIPAA", "510(k)", "survival analysis", "ICD-10", "prior authorization", "Python")


# Most questions are asked for the first time, so the page is put together from frames.
@access.visitor
@require_GET
@kept_answers
def search(request: HttpRequest) -> HttpResponse:
    """Everything that has the words, best first."""
    question = Question.read(request.GET)
    asked = bool(question.text)
    holes = {
        "text": _html(escape(question.text)),
        "kind_field": _html(f'<input type="hidden" name="kind" value="{question.kind}">' if question.kind else ""),
        "answer": _answer(find(question)) if asked else _examples(),
    }
    if question.problems or not is_visitor(request):
        context = {"asked": asked, "problems": question.problems, **holes}
        return render(request, "search/search.html", context)
    here = request.get_full_path()
    holes |= {"here": _html(escape(here)), "return_to": _html(quote(here))}
    page = frame("search/search.html", holes, request=request, key=(theme_of(request), asked), asked=asked)
    response = HttpResponse(page.filled(holes))
    patch_vary_headers(response, ["Cookie"])
    return response


@access.visitor
@require_GET
@kept_answers
def search_suggest(request: HttpRequest) -> HttpResponse:
    """What somebody who is typing may be looking for, as options of a list."""
    question = Question.read(request.GET)
    option = frame("search/suggestion.html", Hit._fields)
    return HttpResponse("".join(option.filled(hit._asdict()) for hit in (suggest(question) if question.text else ())))


def _answer(results: Results) -> SafeString:
    with_text, bare = (frame("search/row.html", Hit._fields, key=(text,), has_text=text) for text in (True, False))
    holes = {
        "count": _html(_counted(results)),
        "rows": _html("".join([(with_text if hit.text else bare).filled(hit._asdict()) for hit in results.hits])),
        "kinds": _html("".join(map(_kind, results.kinds_to_choose))),
        "pages": _html("".join(map(_page, results.pages))),
    }
    if results.meant or results.unknown or results.some or not results.hits:
        return render_to_string("search/results.html", {"results": results, "examples": EXAMPLES, **holes})
    shown = tuple(name for name in ("kinds", "pages") if holes[name])
    return frame("search/results.html", ("count", "rows", *shown), key=shown, results={}).filled(holes)


def _counted(results: Results) -> str:
    """“More than 300 results, page 2”."""
    more = "More than " if results.more else ""
    page = f", page {results.question.page}" if results.question.page > 1 else ""
    return f"{more}{results.found} result{'' if results.found == 1 else 's'}{page}"


def _kind(kind: Facet) -> str:
    link = frame("search/kind.html", ("label", "number", "query"), key=(kind.current,), current=kind.current)
    return link.filled({"label": kind.label, "number": str(kind.number), "query": escape(kind.query)})


def _page(page: PageLink) -> str:
    current, after_gap = page.current, page.after_gap
    link = frame(
        "search/page.html", ("number", "query"), key=(current, after_gap), current=current, after_gap=after_gap
    )
    return link.filled({"number": str(page.number), "query": escape(page.query)})


def _examples() -> SafeString:
    return frame("search/examples.html", (), examples=EXAMPLES, lead=True).filled({})


def _html(text: str) -> SafeString:
    """HTML that was put together here, of parts that are escaped."""
    return mark_safe(text)  # noqa: S308
