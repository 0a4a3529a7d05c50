"""No page is forgotten: each has a case, or it is said here who looks at it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from roadmaps.previewing import preview_url
from tests.browser.cases import Case, faults_of
from tests.browser.test_account_pages import ENTRANCE, SIGNED_IN
from tests.browser.test_pages import BROKEN, LEARNER, MENTOR, REHEARSER, VISITOR

ON_THE_WAY = {
    "account_email_verification_sent": "after signing up",
    "account_confirm_password_reset_code": "while resetting a password",
    "account_complete_password_reset": "while resetting a password",
    "mfa_authenticate": "the second step of signing in",
    "mfa_edit_webauthn": "one passkey",
    "mfa_remove_webauthn": "one passkey",
    "roadmaps:draft_detail": "below",
    "roadmaps:draft_milestone": "below",
    "devmail_list": "below",
    "devmail_detail": "below",
    "socialaccount_signup": "needs another site, which sends people here",
}
NO_PAGES = {
    *("roadmaps:roadmap_enrol", "roadmaps:offer_decide", "roadmaps:goal_state", "roadmaps:goal_credit", "theme_set"),
    *("badges:badge_allow", "badges:badge_copy", "badges:certificate", "jwks"),
    *(f"badges:badge_{ending}" for ending in ("jwt", "json", "svg", "png")),
    *("badges:achievement_detail", "badges:achievement_svg", "badges:issuer_detail", "badges:status_list"),
    *("badges:key_list", "badges:key_detail"),
    *(f"roadmaps:evidence_{verb}" for verb in ("add", "change", "remove", "restore")),
    *(f"roadmaps:milestone_{verb}" for verb in ("submit", "resubmit", "second_opinion", "withdraw", "comment")),
    *("roadmaps:blocker_state", "roadmaps:blocker_clear"),
    "interviews:mock_save",
    *(f"interviews:review_{verb}" for verb in ("send", "send_again", "ask_another", "withdraw", "comment")),
    "mentoring:evidence_sound",
    *("program_save", "program_keep", "program_remove"),
    *("note_add", "note_remove", "note_restore", "agreement_add", "agreement_settle", "agreement_resume"),
    *("cohort_export", "mentoring:invite_revoke", "mentoring:invite_restore", "mentoring:back"),
    *(f"mentoring:submission_{verb}" for verb in ("claim", "release", "extend", "draft", "return", "approve")),
    "mentoring:submission_comment",
    *("mentoring:claim_next", "mentoring:reply_delete", "mentoring:evidence_file", "mentoring:evidence_picture"),
    *(f"interviews:{name}" for name in ("answer_lock", "answer_keep", "attempt_grade", "practice_undo", "habits_save")),
    *(f"interviews:card_{verb}" for verb in ("bury", "suspend", "resume")),
    *(f"interviews:aim_{verb}" for verb in ("add", "change", "drop")),
    *("interviews:export_tables", "interviews:export_deck", "interviews:sample_score"),
    *("interviews:answer_record", "interviews:recording_play", "interviews:practice_undo", "interviews:habits_save"),
    *(f"interviews:answer_{verb}" for verb in ("lock", "keep")),
    *(f"interviews:card_{verb}" for verb in ("bury", "suspend", "resume")),
    *(f"interviews:aim_{verb}" for verb in ("add", "change", "drop")),
    "interviews:attempt_grade",
    *("search_suggest", "search_description"),
    *("notifications:notification_read", "notifications:notification_read_all"),
    *("robots", "sitemap", "healthz", "readyz", "mfa_download_recovery_codes", "mfa_login_webauthn"),
    *("account_confirm_login_code",),  # switched off
}


def names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield ":".join((*spaces, entry.name))
        elif entry.namespace != "admin":
            yield from names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


def test_every_page_is_looked_at():
    looked_at = {case.name for case in (*VISITOR, *LEARNER, *REHEARSER, *MENTOR, *BROKEN, *ENTRANCE, *SIGNED_IN)}
    providers = tuple(f"{name}_" for name in settings.SOCIALACCOUNT_PROVIDERS)
    every = {name for name in names(get_resolver("config.urls")) if not name.startswith(providers)}
    assert every - looked_at - ON_THE_WAY.keys() - NO_PAGES == set()


def test_a_draft_behind_its_signed_link_is_faultless(new_context, sign_in, watch, analytics):
    token = preview_url(analytics, now=timezone.now()).rstrip("/").rpartition("/")[2]
    cases = (
        Case("roadmaps:draft_detail", (token,)),
        Case("roadmaps:draft_milestone", (token, 1)),
        Case("roadmaps:draft_detail", ("none",), status=410),
    )
    for case in cases:
        assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == [], case


def test_mail_that_was_sent_while_developing_is_faultless(new_context, sign_in, watch, settings, tmp_path):
    settings.DEV_MAIL_DIR = tmp_path
    sent = "Subject: A code for you\nFrom: hello@rounds.example\nTo: ines@example.org\n\nYour code:\n\n    ABC-123\n"
    (tmp_path / "20261120-093000-1.log").write_text(sent + "-" * 79 + "\n")
    for case in (Case("devmail_list"), Case("devmail_detail", ("20261120-093000-1",))):
        assert faults_of(case, new_context=new_context, sign_in=sign_in, watch=watch) == []
