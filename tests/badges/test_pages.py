"""What people read about badges."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from badges import pictures
from badges.certificates import cannot_draw, spelled
from badges.issuing import allow, revoke, signed_copy
from badges.models import Credential
from badges.verifying import claims_in
from tests.badges.achieved import EVIDENCE, LATER, MILESTONE, NOW, ROADMAP, issued
from tests.pages import Page, flaws
from tests.queries import queries_of


@pytest.fixture
def credential(learner) -> Credential:
    return issued(learner)


@pytest.fixture
def paper(learner) -> Credential:
    return issued(learner, ROADMAP, source="roadmap:1")


def see(client: Client, url: str) -> Page:
    page = Page(client.get(url))
    assert page.status == 200
    assert flaws(page) == []
    return page


def public(credential: Credential, client: Client | None = None) -> Page:
    return see(client or Client(), credential.get_absolute_url())


class TestPublicPage:
    def test_it_says_that_the_badge_is_valid_and_for_what(self, credential):
        text = public(credential).text
        assert "Valid. Signed by Rounds, unchanged since, and not revoked." in text
        for said in (MILESTONE.name, "Approved by Ruth Adeyemi", "November 20, 2026", *MILESTONE.criteria):
            assert said in text

    def test_it_names_nobody_until_the_learner_allows_it(self, credential, learner):
        page = public(credential)
        assert "A learner of Rounds" in page.text
        assert "Ines" not in page.html
        assert page.meta("robots") == "noindex"
        allow(credential, by=learner, shows_name=True, shows_evidence="nothing")
        page = public(credential)
        assert "Ines Okonjo" in page.text
        assert page.meta("robots") is None

    @pytest.mark.parametrize(
        ("shown", "titles", "links"), [("nothing", False, False), ("titles", True, False), ("links", True, True)]
    )
    def test_it_shows_evidence_as_far_as_allowed(self, credential, learner, shown, titles, links):
        allow(credential, by=learner, shows_name=False, shows_evidence=shown)
        page = public(credential)
        assert ("What I would do differently" in page.text) is titles
        assert ("https://github.com/example/cohort" in page.links) is links
        assert ("abababab" in page.text) is links

    def test_an_address_that_is_no_web_address_is_no_link(self, learner):
        odd = replace(EVIDENCE[0], url="javascript:alert(1)")
        credential = issued(learner, evidence=[odd])
        allow(credential, by=learner, shows_name=False, shows_evidence="links")
        assert "javascript:" not in public(credential).html
        assert "javascript:" not in str(claims_in(signed_copy(Credential.objects.get(), now=LATER)))

    def test_a_revoked_one_says_when_and_why(self, credential):
        revoke(source="decision:17", by=None, reason="Somebody else's work", now=LATER)
        page = public(credential)
        assert "Revoked. The issuer revoked it on December 1, 2026: Somebody else's work." in page.text
        assert "Valid." not in page.text

    def test_a_signature_that_does_not_fit_is_said(self, credential, settings):
        settings.BADGE_KEYS = ["A" * 43]
        page = public(credential)
        assert "none of their published keys signed it" in page.text
        assert "Valid." not in page.text

    def test_other_sites_get_a_picture_without_the_name(self, credential, learner):
        allow(credential, by=learner, shows_name=True, shows_evidence="links")
        page = public(credential)
        assert page.meta("og:image").endswith(f"/badges/{credential.uuid}/badge.png")
        assert [tag for tag in page.attributes if tag[1].get("property") == "og:image"].__len__() == 1
        assert page.meta("og:title") == MILESTONE.name
        assert "Ines" not in (page.meta("og:description") or "")

    def test_its_own_learner_is_led_to_the_choices(self, credential, as_learner):
        own = f"/badges/#badge-{credential.uuid}"
        assert own in public(credential, as_learner).links
        assert own not in public(credential).links

    def test_a_text_of_somebody_else_cannot_become_markup(self, learner):
        credential = issued(learner, replace(MILESTONE, name="<script>alert(1)</script>"))
        assert "<script>alert" not in public(credential).html

    def test_it_takes_at_most_three_queries(self, credential, as_learner):
        assert queries_of(Client(), credential.get_absolute_url()) == 1
        assert queries_of(as_learner, credential.get_absolute_url()) == 3


class TestOwnPage:
    def test_it_says_what_will_come_while_there_is_nothing(self, as_learner):
        page = see(as_learner, "/badges/")
        assert page.headings[0] == (1, "Your badges come here")

    def test_it_counts_what_is_valid(self, as_learner, learner, credential, paper):
        issued(learner, source="decision:18")
        revoke(source="decision:18", by=None, reason="A mistake", now=LATER)
        page = see(as_learner, "/badges/")
        assert page.headings[0] == (1, "You have one badge and one certificate")
        assert "A mistake" in page.text

    def test_nobody_elses_are_there(self, as_learner, other_learner):
        credential = issued(other_learner)
        assert str(credential.uuid) not in see(as_learner, "/badges/").html

    def test_it_takes_at_most_four_queries_however_many_there_are(self, as_learner, learner):
        for number in range(8):
            issued(learner, source=f"decision:{number}")
        assert queries_of(as_learner, "/badges/") <= 4

    def test_choosing_without_a_script(self, as_learner, credential):
        response = as_learner.post(
            f"/badges/{credential.uuid}/allow/", {"shows_name": "on", "shows_evidence": "titles"}
        )
        assert response.status_code == 302
        assert response.url == f"/badges/#badge-{credential.uuid}"
        credential.refresh_from_db()
        assert (credential.shows_name, credential.shows_evidence) == (True, "titles")
        assert [str(each) for each in get_messages(response.wsgi_request)] == [
            f"Saved what others see of “{MILESTONE.name}”."
        ]

    def test_choosing_with_htmx_answers_with_that_badge_alone(self, as_learner, credential, paper):
        response = as_learner.post(
            f"/badges/{credential.uuid}/allow/", {"shows_evidence": "links"}, headers={"HX-Request": "true"}
        )
        text = response.content.decode()
        assert f'id="badge-{credential.uuid}"' in text
        assert str(paper.uuid) not in text
        assert "Saved." in text
        assert "HX-Request" in response["Vary"]

    def test_a_choice_that_does_not_exist_is_refused(self, as_learner, credential):
        response = as_learner.post(f"/badges/{credential.uuid}/allow/", {"shows_evidence": "everything"})
        assert response.status_code == 422
        assert flaws(Page(response)) == []
        credential.refresh_from_db()
        assert credential.shows_evidence == "nothing"

    def test_nobody_chooses_for_somebody_else(self, as_learner, other_learner):
        url = f"/badges/{issued(other_learner).uuid}/allow/"
        assert as_learner.post(url, {"shows_name": "on", "shows_evidence": "links"}).status_code == 404

    def test_ones_own_copy_is_kept_by_no_cache(self, as_learner, credential):
        response = as_learner.get(f"/badges/{credential.uuid}/my-copy.jwt")
        assert "identifier" in claims_in(response.content.decode())["credentialSubject"]
        assert response["Cache-Control"] == "no-store, private"
        assert response["Content-Disposition"].startswith("attachment")

    def test_there_is_no_copy_of_what_is_revoked_or_somebody_elses(self, as_learner, credential, other_learner):
        foreign = issued(other_learner, source="decision:18")
        revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
        assert as_learner.get(f"/badges/{credential.uuid}/my-copy.jwt").status_code == 404
        assert as_learner.get(f"/badges/{foreign.uuid}/my-copy.jwt").status_code == 404


class TestCertificate:
    def pdf(self, client, credential, **posted) -> bytes:
        response = client.post(f"/badges/{credential.uuid}/certificate.pdf", posted)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "no-store, private"
        return response.content

    def test_it_is_a_pdf_with_title_and_language(self, as_learner, paper):
        pdf = self.pdf(as_learner, paper, name="Ines Okonjo")
        assert pdf.startswith(b"%PDF-")
        assert pdf.count(b"/Type /Page\n") == 1
        for said in (b"/Title", b"/Author", b"/Lang (en-US)"):
            assert said in pdf

    @pytest.mark.parametrize(
        "name", ["", "Łukasz Żółć", "Ελένη Παπαδοπούλου", "Олександр Ґалаґан", "Nguyễn Thị Ánh", "W" * 80]
    )
    def test_any_name_in_latin_greek_or_cyrillic_letters_is_drawn(self, as_learner, paper, name):
        assert self.pdf(as_learner, paper, name=name)

    @pytest.mark.parametrize(("name", "missing"), [("王小明", "王 小 明"), ("Ada 🙂", "🙂"), ("अदा", "अ")])
    def test_a_name_that_the_font_lacks_is_refused_and_kept(self, as_learner, paper, name, missing):
        response = as_learner.post(f"/badges/{paper.uuid}/certificate.pdf", {"name": name})
        page = Page(response)
        assert response.status_code == 422
        assert flaws(page) == []
        assert missing in page.text
        assert "Latin, Greek and Cyrillic" in page.text
        assert any(found.get("value") == name for tag, found in page.attributes if tag == "input")

    def test_letters_and_their_marks_become_one(self):
        assert spelled("  Zoe\u0308   C\u0327elik\n") == "Zoë Çelik"
        assert cannot_draw(spelled("Zoe\u0308")) == []
        assert cannot_draw("x\u0308") == ["\u0308"]

    def test_a_plain_visit_takes_the_name_of_the_profile(self, as_learner, paper):
        response = as_learner.get(f"/badges/{paper.uuid}/certificate.pdf")
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF-")

    def test_only_a_whole_roadmap_of_ones_own_that_is_valid_has_one(self, as_learner, credential, paper, other_learner):
        foreign = issued(other_learner, ROADMAP, source="roadmap:2")
        revoke(source="roadmap:1", by=None, reason="A mistake", now=LATER)
        for each in (credential, paper, foreign):
            assert as_learner.get(f"/badges/{each.uuid}/certificate.pdf").status_code == 404


class TestVerifyPage:
    def check(self, client, **posted) -> Page:
        page = Page(client.post("/badges/verify/", posted))
        assert flaws(page) == []
        return page

    def test_it_asks(self, client):
        assert see(client, "/badges/verify/").headings[0] == (1, "Check a badge")

    def test_a_good_one_leads_to_its_page(self, client, credential):
        page = self.check(client, credential=credential.jwt)
        assert (page.status, page.headings[0]) == (200, (1, "This badge is valid"))
        assert credential.get_absolute_url() in page.links

    def test_files_are_read_too(self, client, credential):
        for name, data in {
            "badge.jwt": credential.jwt.encode(),
            "badge.svg": pictures.svg(MILESTONE, credential=credential.jwt).encode(),
            "badge.png": pictures.png(MILESTONE, credential=credential.jwt),
        }.items():
            page = self.check(client, file=SimpleUploadedFile(name, data))
            assert page.headings[0] == (1, "This badge is valid"), name

    def test_a_revoked_one_says_so(self, client, credential):
        revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
        page = self.check(client, credential=credential.jwt)
        assert page.headings[0] == (1, "This badge is revoked")
        assert "December 1, 2026: A mistake." in page.text

    def test_a_changed_one_says_so(self, client, credential):
        page = self.check(client, credential=credential.jwt[:-6] + "AAAAAA")
        assert page.headings[0] == (1, "This badge is not valid")
        assert "something was changed after it was signed" in page.text

    def test_one_whose_learner_is_gone_still_holds(self, client, learner, credential):
        learner.delete()
        page = self.check(client, credential=credential.jwt)
        assert page.headings[0] == (1, "This badge is valid")
        assert "closed their account" in page.text

    def test_the_holders_address_is_compared(self, client, credential):
        copy = signed_copy(credential, now=NOW)
        assert "It is tied to ines@example.org." in self.check(client, credential=copy, email="ines@example.org").text
        assert (
            "another address than tom@example.org" in self.check(client, credential=copy, email="tom@example.org").text
        )

    @pytest.mark.parametrize(
        ("posted", "status"),
        [
            ({}, 422),
            ({"credential": "   "}, 422),
            ({"credential": "a\0b"}, 422),
            ({"credential": "a" * 1_000_000}, 422),
            ({"credential": "hello"}, 200),
            ({"credential": "x.y.z", "email": "nobody"}, 422),
        ],
        ids=["nothing", "spaces", "NUL", "1 MB", "a word", "no address"],
    )
    def test_whatever_is_typed_is_answered(self, client, db, posted, status):
        assert self.check(client, **posted).status == status

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (b"", 422),
            (b"\0" * 5000, 200),
            (b"\xff" * 999_999, 200),
            (b"a" * 1_000_001, 422),
            (b"\x89PNG\r\n\x1a\n", 200),
        ],
    )
    def test_whatever_is_uploaded_is_answered(self, client, db, data, status):
        file = BytesIO(data)
        file.name = "x"
        assert self.check(client, file=file).status == status
