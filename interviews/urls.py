from django.urls import path

from interviews import views

app_name = "interviews"
urlpatterns = [
    path("", views.question_list, name="question_list"),
    path("questions/<slug:slug>/", views.question_detail, name="question_detail"),
    path("questions/<slug:slug>/answer/", views.answer_lock, name="answer_lock"),
    path("questions/<slug:slug>/keep/", views.answer_keep, name="answer_keep"),
    path("questions/<slug:slug>/record/", views.answer_record, name="answer_record"),
    path("questions/<slug:slug>/bury/", views.card_bury, name="card_bury"),
    path("questions/<slug:slug>/suspend/", views.card_suspend, name="card_suspend"),
    path("questions/<slug:slug>/resume/", views.card_resume, name="card_resume"),
    path("practice/", views.practice_next, name="practice"),
    path("practice/undo/", views.practice_undo, name="practice_undo"),
    path("practice/numbers/", views.practice_numbers, name="practice_numbers"),
    path("practice/settings/", views.practice_settings, name="practice_settings"),
    path("practice/settings/habits/", views.habits_save, name="habits_save"),
    path("practice/calibration/", views.calibration, name="calibration"),
    path("practice/calibration/<slug:slug>/<int:number>/", views.sample_detail, name="sample_detail"),
    path("practice/calibration/<slug:slug>/<int:number>/score/", views.sample_score, name="sample_score"),
    path("practice/export/", views.practice_export, name="practice_export"),
    path("practice/export/tables/", views.export_tables, name="export_tables"),
    path("practice/export/deck/", views.export_deck, name="export_deck"),
    path("practice/roles/", views.aim_add, name="aim_add"),
    path("practice/roles/<slug:slug>/", views.aim_change, name="aim_change"),
    path("practice/roles/<slug:slug>/drop/", views.aim_drop, name="aim_drop"),
    path("practice/<uuid:attempt>/", views.attempt_detail, name="attempt_detail"),
    path("practice/<uuid:attempt>/grade/", views.attempt_grade, name="attempt_grade"),
    path("practice/<uuid:attempt>/recording/", views.recording_play, name="recording_play"),
    path("practice/<uuid:attempt>/recording/delete/", views.recording_delete, name="recording_delete"),
    path("<slug:slug>/", views.role_questions, name="role_questions"),
]
