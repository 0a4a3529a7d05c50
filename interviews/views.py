from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts import access
from interviews.models import Question
from roles.visitor_pages import kept_for_visitors


@access.visitor
@require_GET
@kept_for_visitors
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A question that anybody may read: first the question alone, then an answer, and a count of the points made.

    The points that the reader ticks stand in the address, by their numbers: nothing is kept.
    """
    question = get_object_or_404(Question.objects.previews().with_links(), slug=slug)
    ticked = set(request.GET.getlist("made"))
    points = [(number, point, str(number) in ticked) for number, point in enumerate(question.key_points, start=1)]
    context = {"question": question, "points": points, "counted": "made" in request.GET or "count" in request.GET}
    return render(request, "interviews/question_detail.html", context | {"made": sum(made for *_, made in points)})
