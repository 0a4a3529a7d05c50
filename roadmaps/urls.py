from django.urls import path

from roadmaps import views

app_name = "roadmaps"
urlpatterns = [
    path("", views.enrolment_list, name="enrolment_list"),
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
]
