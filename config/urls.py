from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts import sessions, theme
from config import devmail, health, seo, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("roles.urls")),
    path("roles/<slug:slug>/", views.role_detail, name="role_detail"),
    path("skills/map/", views.skill_map, name="skill_map"),
    path("skills/<slug:slug>/", views.skill_detail, name="skill_detail"),
    path("guides/", views.guide_list, name="guide_list"),
    path("guides/masters-degree/programs/", views.program_list, name="program_list"),
    path("guides/masters-degree/programs/save/", views.program_save, name="program_save"),
    path("guides/masters-degree/programs/keep/", views.program_keep, name="program_keep"),
    path("guides/masters-degree/programs/<int:number>/remove/", views.program_remove, name="program_remove"),
    path("guides/<slug:slug>/", views.guide_detail, name="guide_detail"),
    path("roadmaps/", include("roadmaps.urls")),
    path("interviews/", include("interviews.urls")),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("accounts/", include("accounts.urls")),
    path("accounts/sessions/", sessions.session_list, name="usersessions_list"),  # before allauth's own
    path("accounts/", include("allauth.urls")),
    path("theme/", theme.theme_set, name="theme_set"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.search_suggest, name="search_suggest"),
    path("search/description.xml", seo.search_description, name="search_description"),
    path("sources/", views.sources, name="sources"),
    path("sources/corrections/", views.corrections, name="corrections"),
    path("method/", views.method, name="method"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", seo.robots, name="robots"),
    path("sitemap.xml", seo.sitemap, name="sitemap"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]

if settings.DEBUG or settings.TESTING:
    urlpatterns += [
        path("dev/mail/", devmail.devmail_list, name="devmail_list"),
        path("dev/mail/<slug:name>/", devmail.devmail_detail, name="devmail_detail"),
    ]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
