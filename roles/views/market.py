"""Who hires, where the work is, and the figures about both."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts import access
from roles.filters import CompanyFilter, FigureFilter
from roles.market import by_category
from roles.models import Company, Statistic, UseCase
from roles.views.answering import results_or_page
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def company_list(request: HttpRequest) -> HttpResponse:
    """Every company that a source names, by category, with what has become of it."""
    form = CompanyFilter(request.GET, use_cases=UseCase.objects.in_brief())
    companies = list(form.narrow(Company.objects.with_places()))
    context = {
        "form": form,
        "groups": by_category(companies, only=form.chosen.get("category", "")),
        "found": len(companies),
    }
    return results_or_page(request, "roles/company_list.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def company_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a company does with AI in health, what it is named for, and who else does the same."""
    company = get_object_or_404(Company.objects.with_places().with_parts(), slug=slug)
    context = {
        "company": company,
        "use_cases": UseCase.objects.naming(company).with_skills(),
        "others": Company.objects.beside(company),
    }
    return render(request, "roles/company_detail.html", context)


@access.visitor
@require_GET
@kept_for_visitors
def use_case_list(request: HttpRequest) -> HttpResponse:
    return render(request, "roles/use_case_list.html", {"use_cases": UseCase.objects.with_work()})


@access.visitor
@require_GET
@kept_for_visitors
def use_case_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The problem, what AI does about it, who builds it, and what it asks for."""
    use_case = get_object_or_404(UseCase.objects.with_work().with_figures(), slug=slug)
    context = {"use_case": use_case, "others": UseCase.objects.beside(use_case)}
    return render(request, "roles/use_case_detail.html", context)


@access.visitor
@require_GET
@vary_on_headers("HX-Request")
@kept_for_visitors
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every figure by the question that it answers: those that disagree stand side by side."""
    form = FigureFilter(request.GET)
    figures = list(form.narrow(Statistic.objects.with_sources()))
    ordered = sorted(figures, key=lambda figure: Statistic.Topic.values.index(figure.topic))
    groups = [
        (Statistic.Topic(topic), list(those)) for topic, those in groupby(ordered, key=lambda figure: figure.topic)
    ]
    return results_or_page(request, "roles/figure_list.html", {"form": form, "groups": groups, "found": len(figures)})
