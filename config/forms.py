"""How every form of the site is rendered."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Our templates: the error beside its field, and a summary above that links to each field."""

    form_template_name = "includes/form.html"
    field_template_name = "includes/field.html"
