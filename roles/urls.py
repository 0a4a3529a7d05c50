from django.urls import path

from roles import views

app_name = "roles"
urlpatterns = [
    path("roles/", views.role_list, name="role_list"),
    path("roles/compare/", views.role_compare, name="role_compare"),
    path("roles/find/", views.role_find, name="role_find"),
    path("skills/", views.skill_list, name="skill_list"),
    path("tools/", views.tool_list, name="tool_list"),
    path("tools/<slug:slug>/", views.tool_detail, name="tool_detail"),
    path("companies/", views.company_list, name="company_list"),
    path("companies/<slug:slug>/", views.company_detail, name="company_detail"),
    path("use-cases/", views.use_case_list, name="use_case_list"),
    path("use-cases/<slug:slug>/", views.use_case_detail, name="use_case_detail"),
    path("figures/", views.figure_list, name="figure_list"),
    path("resources/", views.resource_list, name="resource_list"),
    path("resources/<slug:slug>/", views.resource_detail, name="resource_detail"),
]
