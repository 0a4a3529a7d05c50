"""How every form of the site is rendered."""

from typing import Any

from django.forms.renderers import TemplatesSetting

from config.boxes import written


class Renderer(TemplatesSetting):
    """Our templates: the error beside its field, and a summary above that links to each field."""

    form_template_name = "includes/form.html"
    field_template_name = "includes/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        found = written(template_name, context)
        return super().render(template_name, context, request) if found is None else found
