"""Every fact of the market guide and the degree guide is in the database, in the rows where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import models

from interviews.models import Question
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    Certification,
    Challenge,
    CompanyListing,
    CostItem,
    CourseworkArea,
    DegreeOption,
    EntryPath,
    Guide,
    MarketDriver,
    ProgramCheck,
    Role,
    Skill,
    SkillArea,
    Source,
    Statistic,
    UseCase,
)
from tests.content.reading import FACTS, plain, says, words_of

pytestmark = pytest.mark.django_db

AREAS = {"hipaa": "hipaa", "workflow": "clinical-workflows", "fda": "fda", "term": "medical-terminology"}
CASES = {
    "documentation": "clinical-documentation",
    "diagnostic": "diagnostic-support",
    "administrative": "administrative-ai",
    "drug-discovery": "drug-discovery",
}
CATEGORIES = {"big-tech": "big_tech", "startup": "startup", "health-system": "health_system"} | {
    "pharma-biotech": "pharma_biotech"
}
# The rows in which a fact of the degree guide must be found, by the second part of its key.
DEGREE = {
    "key": (Statistic,),
    "outlook": (Statistic,),
    "adm": (AdmissionCriterion, Statistic),
    "dur": (DegreeOption, Statistic),
    "fmt": (DegreeOption, Statistic, ProgramCheck),
    "acc": (Accreditor, AccreditationStep, Statistic, ProgramCheck),
    "cw": (CourseworkArea, Statistic, ProgramCheck),
    "cost": (CostItem, Statistic, ProgramCheck),
    "cert": (Certification, Statistic),
    "part": (Statistic, ProgramCheck),
    "choose": (ProgramCheck, AccreditationStep),
}


def guide_rows(slug: str) -> list[models.Model]:
    guide = Guide.objects.get(slug=slug)
    return [guide, *guide.sections.all(), *guide.answers.all()]


def role_rows(role: Role) -> list[models.Model]:
    related = (role.points, role.requirements, role.pay, role.statistics, role.named_skills)
    return [role, *(row for manager in related for row in manager.all())]


def rows_of_statistics(*sources: str) -> list[models.Model]:
    return list(Statistic.objects.filter(source__code__in=sources))


def text_of(rows: Iterable[models.Model]) -> str:
    """What rows say, their figures in the spelling of pages too."""
    rows = list(rows)
    shown = [
        str(getattr(row, name))
        for row in rows
        for name in ("shown", "tuition", "months", "amount")
        if hasattr(row, name)
    ]
    pay = [f"${row.low}-${row.high}" for row in rows if hasattr(row, "low")]
    return f"{words_of(*rows)} {plain(' '.join([*shown, *pay]))}"


def market_scope(section: str, rest: list[str]) -> list[models.Model]:
    match section:
        case "path":
            return role_rows(Role.objects.get(slug=rest[0]))
        case "skill":
            area = SkillArea.objects.get(slug=AREAS[rest[0]])
            return [area, *area.points.all()]
        case "usecase":
            case = UseCase.objects.get(slug=CASES[rest[0]])
            links = list(case.company_links.select_related("company"))
            related = (case.solutions, case.skill_links, case.statistics)
            return [case, *links, *(link.company for link in links), *(row for each in related for row in each.all())]
        case "company":
            listing = CompanyListing.objects.get(category=CATEGORIES[rest[0]], order=rest[1])
            return [listing, listing.company]
        case "entry":
            path = EntryPath.objects.get(slug=rest[0])
            if rest[1] == "who":
                return [path]
            return [path.steps.get(order=rest[1].removeprefix("step"))]
        case "interview":
            return list(Question.objects.filter(guide__slug="healthcare-ai-market", category=rest[0]))
        case "challenge":
            return [Challenge.objects.get(group=rest[0], order=rest[1])]
        case _:
            return [*MarketDriver.objects.all(), *rows_of_statistics("001"), *guide_rows("healthcare-ai-market")]


def degree_scope(section: str, rest: list[str]) -> list[models.Model]:
    if section == "meta":
        return [Source.objects.get(code="004")]
    if section == "job" and (role := Role.objects.filter(slug=rest[0]).first()):
        return role_rows(role)
    rows = [row for model in DEGREE.get(section, ()) for row in model.objects.all()]
    titles = [row for role in Role.objects.filter(source__code="004") for row in role_rows(role)]
    return [*rows, *guide_rows("masters-degree"), *(titles if section == "job" else [])]


def scope_of(fact: dict) -> str:
    document, section, *rest = fact["id"].split(".")
    return text_of(market_scope(section, rest) if document == "001" else degree_scope(section, rest))


def facts_of(document: str) -> list[dict]:
    return [fact for fact in FACTS if fact["id"].startswith(document)]


@pytest.mark.parametrize("document", ["001", "004"])
def test_every_token_of_every_fact_is_found_where_it_belongs(document):
    scopes: dict[str, str] = {}
    missing = {}
    for fact in facts_of(document):
        parts = fact["id"].split(".")
        where = ".".join(parts[: 4 if document == "001" else 3 if parts[1] == "job" else 2])
        if where not in scopes:
            scopes[where] = scope_of(fact)
        text = scopes[where]
        lost = [token for token in fact.get("figures", []) if plain(token) not in text]
        lost += [term for term in fact.get("terms", []) if not says(text, term)]
        if lost:
            missing[fact["id"]] = lost
    assert missing == {}


def statistic(**lookup) -> Statistic:
    return Statistic.objects.get(**{"source__code__in": ["001", "004"], **lookup})


def pairs(fact: dict) -> list[tuple[object, object]]:
    """What the source states beside what the typed fields hold."""
    data, key = fact.get("data", {}), fact["id"]
    parts = key.split(".")
    if parts[1] == "path" or (parts[1] == "job" and "slug" in data):
        role = Role.objects.get(slug=data.get("slug") or parts[2])
        if parts[-1] == "salary":
            pay = role.pay.get()
            held = (pay.low, pay.high, pay.open_top, pay.currency, f"{pay.period}{' (assumed)' * pay.period_assumed}")
            return [
                (tuple(data[name] for name in ("salary_min", "salary_max", "open_top", "currency", "period")), held)
            ]
        if match := re.fullmatch(r"req(\d)", parts[-1]):
            return [(data["strength"], role.requirements.get(order=match[1]).strength)]
        return [(data["profile"], "short" if role.profile == "title" else role.profile)] if "profile" in data else []
    if parts[1] == "entry" and parts[2] != "advice":
        path = EntryPath.objects.get(slug=parts[2])
        return (
            [(data["steps"], path.steps.count())] if "steps" in data else [(True, path.steps.filter(**data).exists())]
        )
    if parts[1] == "challenge":
        return [(True, Challenge.objects.filter(group=data["group"], order=parts[3]).exists())]
    if parts[1] == "interview":
        return [(3, Question.objects.filter(guide__slug="healthcare-ai-market", category=data["category"]).count())]
    if parts[1] == "company":
        return [(data["category"], next(name for name, value in CATEGORIES.items() if value == CATEGORIES[parts[2]]))]
    if key == "001.skill.hipaa.status":
        return [(data["required"], SkillArea.objects.get(slug="hipaa").required)]
    return _figures(key, data)


STATISTICS = {
    "001.market.size": ("healthcare-ai-market-2030", "value"),
    "001.market.premium": ("healthcare-ai-pay-premium", "min_pct", "max_pct"),
    "004.key.growth36": ("masters-medical-ai-jobs-growth", "value_pct"),
    "004.key.salary110": ("masters-graduates-median-pay", "median"),
    "004.job.growth71": ("masters-specialists-growth", "value_pct"),
    "004.outlook.bls35": ("masters-bls-growth", "value_pct"),
    "004.outlook.avg5": ("masters-bls-average-growth", "value_pct"),
    "004.outlook.salary145": ("masters-experts-median-pay", "median_low", "median_high"),
    "004.adm.gpa": ("masters-gpa", "gpa_min"),
    "004.adm.gre": ("masters-gre", "gre_quant_percentile_min"),
    "004.dur.full": ("masters-full-time-months", "months_min", "months_max"),
    "004.dur.part": ("masters-part-time-months", "months_min", "months_max"),
    "004.dur.completion": ("masters-completion", "value_pct"),
    "004.fmt.saving": ("masters-online-saving", "value_pct"),
    "004.fmt.online": ("masters-tuition-online", "tuition_min", "tuition_max"),
    "004.fmt.campus": ("masters-tuition-campus", "tuition_min", "tuition_max"),
    "004.fmt.jobs": ("masters-employed-three-months", "value_pct"),
    "004.acc.emp34": ("masters-accredited-employment", "value_pct"),
    "004.acc.emp91": ("masters-employers-accreditation", "value_pct"),
    "004.cw.core98": ("masters-core-courses", "value_pct"),
    "004.cw.adv42": ("masters-imaging-nlp", "value_pct"),
    "004.cost.total": ("masters-total-cost", "cost_min", "cost_max"),
    "004.cost.roi67": ("masters-full-return", "value_pct"),
    "004.cert.pay": ("masters-certified-pay", "min_pct", "max_pct"),
    "004.cert.senior": ("masters-certified-senior", "years"),
    "004.part.94": ("masters-employment-many-partners", "value_pct"),
    "004.part.68": ("masters-employment-few-partners", "value_pct"),
}


def _figures(key: str, data: dict) -> list[tuple[object, object]]:
    if key not in STATISTICS:
        return []
    slug, *names = STATISTICS[key]
    figure = statistic(slug=slug)
    held = [figure.value_low, figure.value_high]
    found: list[tuple[object, object]] = [
        (Decimal(str(data[name])), value) for name, value in zip(names, held, strict=False)
    ]
    if cited := data.get("attributed_to"):
        said = {"BLS": "Bureau of Labor Statistics", "NCES": "National Center for Education Statistics"}
        found.append((True, said.get(cited, cited) in figure.attributed_to))
    return found


@pytest.mark.parametrize("document", ["001", "004"])
def test_every_typed_value_stands_in_a_typed_field(document):
    wrong = {fact["id"]: found for fact in facts_of(document) if (found := [p for p in pairs(fact) if p[0] != p[1]])}
    assert wrong == {}


def test_no_typed_figure_of_the_two_guides_is_left_unchecked():
    numeric = {
        fact["id"]
        for fact in FACTS
        if fact["id"][:3] in ("001", "004")
        and fact["kind"] not in ("company", "interview_question", "challenge", "entry_path", "career_path", "skill")
        and any(isinstance(value, int | float) for value in fact.get("data", {}).values())
    }
    elsewhere = {key for key in numeric if re.search(r"\.path\..*\.salary$|^004\.meta\.", key)}
    assert numeric - elsewhere - STATISTICS.keys() == set()


def test_the_34_statistics_of_the_sources_name_scope_and_verification():
    stated = Statistic.objects.filter(source__code__in=["001", "003", "004"])
    assert stated.count() == 34 + 1  # a full return is two figures: the share of graduates, and after how many years
    for figure in stated:
        assert figure.verification in ("unverified", "contradicted", "plausible", "corrected"), figure
        assert figure.editor_note, figure
        assert figure.scope or figure.horizon or figure.geography, figure


def test_what_the_model_counts_is_there():
    """The numbers of rows that the sources hold."""
    companies = {link.company_id for case in UseCase.objects.all() for link in case.company_links.all()}
    companies |= {listing.company_id for listing in CompanyListing.objects.all()}
    cases = list(UseCase.objects.order_by("order"))
    assert len(companies) == 22
    assert CompanyListing.objects.count() == 16
    assert [case.solutions.count() for case in cases] == [3, 3, 4, 3]
    assert [case.skill_links.count() for case in cases] == [3, 3, 3, 2]
    assert [case.company_links.count() for case in cases] == [4, 4, 3, 3]
    assert [path.steps.count() for path in EntryPath.objects.all()] == [4, 4, 4]
    assert Challenge.objects.count() == 13
    assert MarketDriver.objects.count() == 5
    assert Role.objects.count() == 11
    assert [role.points.filter(kind="work").count() for role in Role.objects.with_profile("short")] == [4, 4, 4, 4]
    assert [role.requirements.count() for role in Role.objects.with_profile("short")] == [4, 4, 4, 4]


def test_every_skill_has_a_guide_of_at_least_250_words_and_what_it_rests_on():
    short = {}
    for skill in Skill.objects.prefetch_related("sources"):
        texts = (skill.summary, skill.what, skill.why_in_care, skill.exercise, skill.pitfalls)
        words = sum(len(text.split()) for text in texts)
        if words < 250 or not all(texts) or not skill.sources.all():
            short[skill.slug] = words
    assert short == {}


def test_skills_build_on_each_other_without_a_circle():
    first = {
        skill.slug: {each.slug for each in skill.builds_on.all()}
        for skill in Skill.objects.prefetch_related("builds_on")
    }
    while free := {slug for slug, needed in first.items() if not needed}:
        first = {slug: needed - free for slug, needed in first.items() if slug not in free}
    assert first == {}


def test_every_skill_that_a_requirement_names_is_among_the_roles_skills():
    for role in Role.objects.with_profile("short"):
        asked = {each.skill.slug for each in role.requirements.select_related("skill") if each.skill}
        assert asked <= {skill.slug for skill in role.named_skills.all()}, role
