from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts import access
from config.seo import guide_article
from interviews.models import Question
from roles.guides.balance_chart import balance_chart
from roles.guides.choices import pick
from roles.guides.page import GuidePage, guide_page_of
from roles.guides.return_form import ReturnForm
from roles.guides.return_presets import presets_of
from roles.market import by_category
from roles.models import Certification, Company, Guide
from roles.models.guides import SectionShows
from roles.visitor_pages import catalog_version, kept_for_visitors

# What htmx may ask for alone: the id of the element, the part that it belongs to, and what renders it.
_FRAGMENTS = {
    "backgrounds": (SectionShows.ENTRY_PATHS, "guides/parts/entry_paths.html#backgrounds"),
    "asked": (SectionShows.QUESTIONS, "guides/parts/questions.html#asked"),
    "credentials": (SectionShows.CERTIFICATIONS, "guides/parts/certifications.html#credentials"),
    "calculator": (SectionShows.COST, "guides/parts/cost.html#calculator"),
    "return": (SectionShows.COST, "guides/parts/cost.html#return"),
}

# Guides that this process has read, by slug, with the catalog's version then.
_read: dict[str, tuple[str, GuidePage]] = {}


@access.visitor
@require_GET
@kept_for_visitors
def guide_list(request: HttpRequest) -> HttpResponse:
    return render(request, "guides/guide_list.html", {"guides": Guide.objects.with_contents()})


@access.visitor
@require_GET
@vary_on_headers("HX-Request", "HX-Target")
@kept_for_visitors
def guide_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A guide with everything that its sections show, narrowed by what the address chooses."""
    page = _page_of(slug)
    if page is None:
        raise Http404
    context = {"page": page, "guide": page.guide, **_chosen(page, request.GET)}
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request and htmx.target in _FRAGMENTS:
        shows, template = _FRAGMENTS[htmx.target]
        if section := page.showing(shows):
            return render(request, template, context | {"part": section.part, "fragment": True})
    if not request.user.is_authenticated:
        context["json_ld"] = guide_article(page)  # for search engines, which do not sign in
    return render(request, "guides/guide_detail.html", context)


def _page_of(slug: str) -> GuidePage | None:
    """The guide as this process last read it, unless the catalog changed since: whoever types into the calculator
    asks for it several times a second.
    """
    if not settings.KEEP_VISITOR_PAGES:
        return guide_page_of(slug)
    version = catalog_version()
    known, page = _read.get(slug, (None, None))
    if page is None or known != version:
        page = guide_page_of(slug)
        if page is not None:
            _read[slug] = (version, page)
    return page


def _chosen(page: GuidePage, asked: QueryDict) -> dict[str, Any]:
    """What the address chooses for the parts that offer a choice, and the parts that guides do not read themselves."""
    found: dict[str, Any] = {}
    if page.showing(SectionShows.COMPANIES):
        found["companies"] = by_category(Company.objects.with_places())
    if section := page.showing(SectionShows.ENTRY_PATHS):
        found["background"] = pick(asked, "background", [(way.path.slug, way.path.title) for way in section.part])
    if page.showing(SectionShows.QUESTIONS):
        found |= _questions(page, asked)
    if section := page.showing(SectionShows.CERTIFICATIONS):
        aims = {aim for credential in section.part for aim in credential.certification.aims}
        found["aim"] = pick(asked, "aim", [each for each in Certification.Aim.choices if each[0] in aims])
    if section := page.showing(SectionShows.COST):
        form = ReturnForm(asked)
        found |= {"form": form, "presets": presets_of(section.part, page.figures)}
        found["chart"] = balance_chart(form.result) if form.result else None
    return found


def _questions(page: GuidePage, asked: QueryDict) -> dict[str, Any]:
    questions = list(Question.objects.shown_in(page.guide))
    categories = {question.category for question in questions}
    choice = pick(asked, "category", [each for each in Question.Category.choices if each[0] in categories])
    shown = [question for question in questions if not choice.chosen or question.category == choice.chosen]
    return {"category": choice, "questions": shown, "question_count": len(questions)}
