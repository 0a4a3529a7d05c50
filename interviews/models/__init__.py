"""Interview practice: the bank, what a learner remembers of it, and everything that they answered."""

from interviews.models.answers import AnswerDraft, Attempt, Review, Score, Scorer
from interviews.models.cards import Aim, Card, Habits
from interviews.models.mocks import Aside, Mock, MockAnswer, MockQuestion, MockScore, MockState
from interviews.models.questions import Question, QuestionCategory, QuestionOrigin, SampleAnswer
from interviews.models.recordings import Recording, SoundKind
from interviews.models.samples import SampleScore
from interviews.models.sent import MockMark, SentAnswer

__all__ = [
    "Aim",
    "AnswerDraft",
    "Aside",
    "Attempt",
    "Card",
    "Habits",
    "Mock",
    "MockAnswer",
    "MockMark",
    "MockQuestion",
    "MockScore",
    "MockState",
    "Question",
    "QuestionCategory",
    "QuestionOrigin",
    "Recording",
    "Review",
    "SampleAnswer",
    "SampleScore",
    "Score",
    "Scorer",
    "SentAnswer",
    "SoundKind",
]
