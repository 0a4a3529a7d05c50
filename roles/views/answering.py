from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def results_or_page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """The whole page of a list, or its partial `results` where htmx asks for that."""
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, f"{template}#results" if fragment else template, context | {"fragment": fragment})
