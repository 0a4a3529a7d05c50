from interviews.views.aims import aim_add, aim_change, aim_drop, habits_save, practice_settings
from interviews.views.bank import question_detail, question_list, role_questions
from interviews.views.calibration import calibration, sample_detail, sample_score
from interviews.views.mock_results import mock_grade, mock_result
from interviews.views.mocks import mock_detail, mock_finish, mock_leave, mock_list, mock_save
from interviews.views.numbers import practice_numbers
from interviews.views.practice import (
    answer_keep,
    answer_lock,
    attempt_detail,
    attempt_grade,
    card_bury,
    card_resume,
    card_suspend,
    practice_next,
    practice_undo,
)
from interviews.views.recordings import answer_record, recording_delete, recording_play
from interviews.views.reviews import (
    mentor_review,
    review_ask_another,
    review_comment,
    review_list,
    review_send,
    review_send_again,
    review_withdraw,
)
from interviews.views.taking import export_deck, export_tables, practice_export

__all__ = [
    "aim_add",
    "aim_change",
    "aim_drop",
    "answer_keep",
    "answer_lock",
    "answer_record",
    "attempt_detail",
    "attempt_grade",
    "calibration",
    "card_bury",
    "card_resume",
    "card_suspend",
    "export_deck",
    "export_tables",
    "habits_save",
    "mentor_review",
    "mock_detail",
    "mock_finish",
    "mock_grade",
    "mock_leave",
    "mock_list",
    "mock_result",
    "mock_save",
    "practice_export",
    "practice_next",
    "practice_numbers",
    "practice_settings",
    "practice_undo",
    "question_detail",
    "question_list",
    "recording_delete",
    "recording_play",
    "review_ask_another",
    "review_comment",
    "review_list",
    "review_send",
    "review_send_again",
    "review_withdraw",
    "role_questions",
    "sample_detail",
    "sample_score",
]
