from django.urls import path

from roadmaps import views

app_name = "roadmaps"
urlpatterns = [
    path("", views.enrolment_list, name="enrolment_list"),
    path("drafts/<str:token>/", views.draft_detail, name="draft_detail"),
    path("drafts/<str:token>/phases/<int:number>/milestone/", views.draft_milestone, name="draft_milestone"),
    path("<slug:slug>/", views.roadmap_detail, name="roadmap_detail"),
    path("<slug:slug>/enrol/", views.roadmap_enrol, name="roadmap_enrol"),
    path("<slug:slug>/leave/", views.roadmap_leave, name="roadmap_leave"),
    path("<slug:slug>/history/", views.publication_list, name="publication_list"),
    path("<slug:slug>/update/", views.offer_detail, name="offer_detail"),
    path("<slug:slug>/update/decide/", views.offer_decide, name="offer_decide"),
    path("<slug:slug>/goals/<uuid:key>/", views.goal_state, name="goal_state"),
    path("<slug:slug>/goals/<uuid:key>/credit/", views.goal_credit, name="goal_credit"),
    path(
        "<slug:slug>/phases/<int:number>/milestone/",
        views.milestone_detail,
        name="milestone_detail",
    ),
    path("<slug:slug>/phases/<int:number>/milestone/submit/", views.milestone_submit, name="milestone_submit"),
    path("<slug:slug>/phases/<int:number>/milestone/resubmit/", views.milestone_resubmit, name="milestone_resubmit"),
    path(
        "<slug:slug>/phases/<int:number>/milestone/second-opinion/",
        views.milestone_second_opinion,
        name="milestone_second_opinion",
    ),
    path("<slug:slug>/phases/<int:number>/milestone/withdraw/", views.milestone_withdraw, name="milestone_withdraw"),
    path("<slug:slug>/phases/<int:number>/milestone/comment/", views.milestone_comment, name="milestone_comment"),
    path("<slug:slug>/phases/<int:number>/milestone/evidence/", views.evidence_add, name="evidence_add"),
    path(
        "<slug:slug>/phases/<int:number>/milestone/evidence/<int:piece>/change/",
        views.evidence_change,
        name="evidence_change",
    ),
    path(
        "<slug:slug>/phases/<int:number>/milestone/evidence/<int:piece>/remove/",
        views.evidence_remove,
        name="evidence_remove",
    ),
    path(
        "<slug:slug>/phases/<int:number>/milestone/evidence/<int:piece>/restore/",
        views.evidence_restore,
        name="evidence_restore",
    ),
    path("<slug:slug>/blocker/", views.blocker_state, name="blocker_state"),
    path("<slug:slug>/blocker/clear/", views.blocker_clear, name="blocker_clear"),
]
