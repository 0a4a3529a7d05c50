"""Roles of which little is stated: duties, requirements and one pay range, or a title only; never a roadmap."""

from roles.models import Role, RolePoint, RoleRequirement, SalaryObservation, Skill, Source


def short_role(slug="bedside-ai-engineer", name="Bedside AI Engineer", *, skills=("python", "hipaa"), **values):
    """A short profile: two duties, two requirements, pay without a level, named skills."""
    source = Source.objects.get(code="001")
    role = _role(slug, name, "short", source, **values)
    for order, text in enumerate(("Building tools for the ward.", "Fitting them into the day."), start=1):
        RolePoint.objects.create(role=role, kind="work", order=order, text=text, source=source)
    for order, (text, strength) in enumerate((("Machine learning", "required"), ("Time on a ward", "preferred")), 1):
        RoleRequirement.objects.create(role=role, order=order, text=text, strength=strength, source=source)
    SalaryObservation.objects.create(
        role=role, measure="range", low=180_000, high=280_000, period_assumed=True, source=source
    )
    role.named_skills.set(Skill.objects.among(skills))
    return role


def titled_role(slug="ward-data-scribe", name="Ward Data Scribe", **values):
    """A role of which the sources give only a name and a sentence."""
    return _role(slug, name, "title", Source.objects.get(code="004"), **values)


def _role(slug, name, profile, source, **values):
    texts = {"short_name": name, "tagline": f"What a {name} does.", "summary": "It is done.", "order": 90}
    return Role.objects.create(slug=slug, name=name, profile=profile, source=source, **texts | values)
