import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from config.demo import ACCOUNTS, load_people
from roadmaps.models import GoalState
from roadmaps.standing import standings_of

pytestmark = pytest.mark.django_db


def test_the_printed_accounts_can_sign_in(client):
    load_people(now=timezone.now())
    for person in ACCOUNTS:
        assert client.login(email=f"{person.front}@rounds.example", password="rounds-demo"), person


def test_the_learner_is_at_work():
    load_people(now=timezone.now())
    done = [each.progress.tally.done for each in standings_of(User.objects.get(email="learner@rounds.example"))]
    assert done == [5, 2]


def test_loading_again_changes_nothing():
    now = timezone.now()
    assert load_people(now=now) == 11
    states = list(GoalState.objects.order_by("pk").values())
    assert load_people(now=now) == 0
    assert list(GoalState.objects.order_by("pk").values()) == states


def test_nothing_in_the_history_lies_in_the_future():
    now = timezone.now()
    load_people(now=now)
    assert not GoalState.objects.filter(changed_at__gt=now).exists()


def test_demo_people_are_refused_with_debug_off(settings):
    settings.DEBUG = settings.TESTING = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_the_editor_may_edit_content_and_see_no_learner():
    load_people(now=timezone.now())
    editor = User.objects.get(email="editor@rounds.example")
    assert editor.has_perm("roles.change_role")
    assert not editor.has_perm("roadmaps.view_goalstate")
