from django.urls import path

from badges.views import documents, pages

app_name = "badges"
urlpatterns = [
    path("", pages.badge_list, name="badge_list"),
    path("verify/", pages.badge_verify, name="badge_verify"),
    path("keys/", documents.key_list, name="key_list"),
    path("keys/<slug:thumbprint>/", documents.key_detail, name="key_detail"),
    path("issuer/", documents.issuer_detail, name="issuer_detail"),
    path("status/<int:number>/", documents.status_list, name="status_list"),
    path("achievements/<uuid:key>/", documents.achievement_detail, name="achievement_detail"),
    path("achievements/<uuid:key>/badge.svg", documents.achievement_svg, name="achievement_svg"),
    path("<uuid:uuid>/", pages.badge_detail, name="badge_detail"),
    path("<uuid:uuid>/allow/", pages.badge_allow, name="badge_allow"),
    path("<uuid:uuid>/my-copy.jwt", pages.badge_copy, name="badge_copy"),
    path("<uuid:uuid>/certificate.pdf", pages.certificate, name="certificate"),
    path("<uuid:uuid>/credential.jwt", documents.badge_jwt, name="badge_jwt"),
    path("<uuid:uuid>/credential.json", documents.badge_json, name="badge_json"),
    path("<uuid:uuid>/badge.svg", documents.badge_svg, name="badge_svg"),
    path("<uuid:uuid>/badge.png", documents.badge_png, name="badge_png"),
]
