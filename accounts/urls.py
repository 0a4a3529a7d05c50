from django.urls import path

from accounts import notification_views, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("notifications/", notification_views.channels, name="channels"),
]
