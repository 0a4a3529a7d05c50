"""The site, and the empty views that its pages are measured against."""

from django.urls import include, path

from tests.bench import empty

urlpatterns = [
    path("bench/visitor/", empty.visitor_empty, name="bench_visitor_empty"),
    path("bench/learner/", empty.learner_empty, name="bench_learner_empty"),
    path("", include("config.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
