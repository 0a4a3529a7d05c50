"""What search engines read: robots.txt, the sitemap, and structured data about occupations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_response
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from accounts import access
from roles.guides.page import GuidePage
from roles.models import Company, Guide, GuideAnswer, Resource, Role, Skill, Tool, UseCase
from roles.profile import RoleProfile, Rung
from roles.templatetags.prose import markdown
from roles.visitor_pages import kept_for_visitors

# Personal pages and forms: nothing for a search engine to find there.
PRIVATE = ("/accounts/", "/admin/", "/dashboard/", "/theme/")
# Pages that are not made from rows.
FIXED = (
    "home",
    "roles:role_list",
    "roles:role_compare",
    "roles:role_find",
    "roles:skill_list",
    "skill_map",
    "roles:tool_list",
    "roles:resource_list",
    "roles:company_list",
    "roles:use_case_list",
    "roles:figure_list",
    "guide_list",
    "program_list",
    "roadmaps:enrolment_list",
    "sources",
    "corrections",
    "method",
    "accessibility",
    "privacy",
)


class OurSitemap(Sitemap):  # type: ignore[type-arg]  # generic in the stubs only
    """Addresses as `SITE_URL` has them, so that they are the canonical ones whatever host was asked."""

    def __init__(self, rows: Callable[[], Iterable[Any]], address: Callable[[Any], str]) -> None:
        self.rows, self.address = rows, address

    def items(self) -> Any:
        # A list, so that the sitemap's pages need no count of their own.
        return list(self.rows())

    def location(self, item: Any) -> str:
        return self.address(item)

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


def _url(row: Any) -> str:
    return str(row.get_absolute_url())


SITEMAPS: dict[str, Any] = {
    "fixed": OurSitemap(lambda: FIXED, reverse),
    "roles": OurSitemap(lambda: Role.objects.only("slug"), _url),
    "roadmaps": OurSitemap(
        lambda: Role.objects.with_roadmap().only("slug"),
        lambda role: reverse("roadmaps:roadmap_detail", args=[role.slug]),
    ),
    "skills": OurSitemap(lambda: Skill.objects.only("slug"), _url),
    "tools": OurSitemap(lambda: Tool.objects.only("slug"), _url),
    "resources": OurSitemap(lambda: Resource.objects.only("slug"), _url),
    "companies": OurSitemap(lambda: Company.objects.only("slug"), _url),
    "use_cases": OurSitemap(lambda: UseCase.objects.only("slug"), _url),
    "guides": OurSitemap(lambda: Guide.objects.only("slug"), _url),
}


@access.visitor
@require_GET
@kept_for_visitors
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_response(request, SITEMAPS).render()


@access.visitor
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@access.visitor
@require_GET
def search_description(request: HttpRequest) -> HttpResponse:
    """For browsers that offer our search among their own."""
    context = {"site": settings.SITE_URL, "search": reverse("search")}
    return render(request, "search/description.xml", context, content_type="application/opensearchdescription+xml")


def occupation(profile: RoleProfile) -> SafeString:
    """A role as a schema.org Occupation, for a data block in its page.

    Pay stands as a range for each level. Not as percentiles: the source states a lowest and a highest figure and says
    nothing about how pay is spread between them.
    """
    role = profile.role
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Occupation",
        "name": role.name,
        "description": role.tagline,
        "url": f"{settings.SITE_URL}{role.get_absolute_url()}",
    }
    if profile.roadmap:
        data["skills"] = [use.link.name for use in profile.roadmap.skills.values()]
    elif profile.named_skills:
        data["skills"] = [skill.name for skill in profile.named_skills]
    if profile.requirements:
        data["qualifications"] = [each.text for each in profile.requirements]
    if duties := [point.text for points in profile.points if points.kind == "work" for point in points.points]:
        data["responsibilities"] = duties
    if profile.ladder:
        data["estimatedSalary"] = [_salary(rung) for rung in profile.ladder]
    return _data_block(data)


def defined_term(skill: Skill) -> SafeString:
    """A skill as a schema.org DefinedTerm."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "name": skill.name,
        "description": skill.summary,
        "url": f"{settings.SITE_URL}{skill.get_absolute_url()}",
        "inDefinedTermSet": f"{settings.SITE_URL}{reverse('roles:skill_list')}",
    }
    if skill.aliases:
        data["alternateName"] = skill.aliases
    return _data_block(data)


def guide_article(page: GuidePage) -> SafeString:
    """A guide as a schema.org Article, with where it lies and the questions that it answers."""
    guide, home = page.guide, settings.SITE_URL
    url = f"{home}{guide.get_absolute_url()}"
    publisher = {"@type": "Organization", "name": "Rounds", "url": f"{home}/"}
    graph: list[dict[str, Any]] = [
        {
            "@type": "Article",
            "headline": guide.title,
            "description": guide.lead,
            "url": url,
            "mainEntityOfPage": url,
            "author": publisher,
            "publisher": publisher,
            "articleSection": [section.row.short_title for section in page.sections],
        },
        _trail(("Home", f"{home}/"), ("Guides", f"{home}{reverse('guide_list')}"), (guide.title, url)),
    ]
    if page.answers:
        graph.append({"@type": "FAQPage", "url": url, "mainEntity": [_answered(each) for each in page.answers]})
    return _data_block({"@context": "https://schema.org", "@graph": graph})


def _trail(*places: tuple[str, str]) -> dict[str, Any]:
    """Names and addresses from the start page on, as a schema.org BreadcrumbList."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(places, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _answered(answer: GuideAnswer) -> dict[str, Any]:
    text = strip_tags(markdown(answer.answer)).strip()
    return {"@type": "Question", "name": answer.question, "acceptedAnswer": {"@type": "Answer", "text": unescape(text)}}


def _salary(rung: Rung) -> dict[str, Any]:
    level = rung.level
    value: dict[str, Any] = {
        "@type": "QuantitativeValue",
        "minValue": level.salary_min,
        "unitText": level.period.upper(),
    }
    if not level.open_top:
        value["maxValue"] = level.salary_max
    titles = ", ".join(title.title for title in rung.titles)
    name = f"Level {level.order}: {titles}" if titles else f"Level {level.order}"
    return {"@type": "MonetaryAmount", "name": name, "currency": level.currency, "value": value}


def _data_block(data: dict[str, Any]) -> SafeString:
    """JSON that cannot end its script element, whatever the texts contain."""
    text = json.dumps(data, ensure_ascii=False)
    escaped = text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"})
    return mark_safe(escaped)  # noqa: S308  (escaped above)
