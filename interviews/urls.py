from django.urls import path

from interviews import views

app_name = "interviews"
urlpatterns = [
    path("questions/<slug:slug>/", views.question_detail, name="question_detail"),
]
