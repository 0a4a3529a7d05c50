from django.urls import path

from accounts import notification_views as views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="notification_list"),
    path("read/", views.notification_read_all, name="notification_read_all"),
    path("<int:number>/read/", views.notification_read, name="notification_read"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
