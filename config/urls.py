from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts import sessions, theme
from badges.views.documents import key_list
from config import devmail, health, seo, views
from mentoring.views.memberships import membership_list
from roadmaps.views import card, cohort, looks

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
    path("badges/", include("badges.urls")),
    path(".well-known/jwks.json", key_list, name="jwks"),
    path("roadmaps/", include("roadmaps.urls")),
    path("interviews/", include("interviews.urls")),
    path("mentoring/join/<slug:token>/", views.cohort_join, name="cohort_join"),
    path("mentoring/learners/<int:number>/", card.learner_card, name="learner_card"),
    path("mentoring/learners/<int:number>/notes/", card.note_add, name="note_add"),
    path("mentoring/learners/<int:number>/agreements/", card.agreement_add, name="agreement_add"),
    path("mentoring/notes/<int:number>/", card.note_change, name="note_change"),
    path("mentoring/notes/<int:number>/remove/", card.note_remove, name="note_remove"),
    path("mentoring/notes/<int:number>/restore/", card.note_restore, name="note_restore"),
    path("mentoring/cohorts/<slug:slug>/", cohort.cohort_detail, name="cohort_detail"),
    path("mentoring/cohorts/<slug:slug>/export/", cohort.cohort_export, name="cohort_export"),
    path("mentoring/", include("mentoring.urls")),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("accounts/looks/", looks.look_list, name="look_list"),
    path("accounts/agreements/", card.agreement_list, name="agreement_list"),
    path("accounts/agreements/<int:number>/settle/", card.agreement_settle, name="agreement_settle"),
    path("accounts/agreements/<int:number>/resume/", card.agreement_resume, name="agreement_resume"),
    path("accounts/", include("accounts.urls")),
    path("notifications/", include("accounts.notification_urls")),
    path("accounts/cohorts/", membership_list, name="membership_list"),
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
