import pytest
from django.core.mail import EmailMultiAlternatives, mailers
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(settings, tmp_path):
    settings.DEV_MAIL_DIR = tmp_path
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    mailers.close_all() if hasattr(mailers, "close_all") else None
    mail = EmailMultiAlternatives("Your code: Ä4", "Type KXQ7", "rounds@example.org", ["ines@example.org"])
    mail.attach_alternative("<p>Type <b>KXQ7</b></p>", "text/html")
    mail.send()
    return next(tmp_path.glob("*.log"))


def test_sent_mail_is_listed_and_read_in_the_browser(client, sent):
    page = client.get(reverse("devmail_list")).content.decode()
    assert "Your code: Ä4" in page
    assert "ines@example.org" in page
    assert "Type KXQ7" in client.get(reverse("devmail_detail", args=[sent.stem])).content.decode()


def test_no_mail_yet_is_said(client, settings, tmp_path):
    settings.DEV_MAIL_DIR = tmp_path
    assert "No mail yet" in client.get(reverse("devmail_list")).content.decode()


def test_no_other_file_can_be_read(client, settings, tmp_path):
    settings.DEV_MAIL_DIR = tmp_path / "mail"
    (tmp_path / "secret.log").write_text("secret")
    for name in ("secret", "..%2Fsecret"):
        assert client.get(f"/dev/mail/{name}/").status_code == 404
