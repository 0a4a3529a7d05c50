"""What becomes of an address when it is opened, against a server of this machine."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time as real_time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from roles.links import asking, visiting
from roles.links.asking import Limits
from roles.links.guarding import Guard
from roles.links.visiting import Visitor
from roles.models import LinkState
from tests.roles.links.hosts import HERE, ROBOTS

QUICK = Limits(connect=0.5, read=0.3, total=0.6)


@pytest.mark.parametrize(
    ("path", "state", "code"),
    [
        ("ok", LinkState.ALIVE, 200),
        ("204", LinkState.ALIVE, 204),
        ("404", LinkState.DEAD, 404),
        ("410", LinkState.DEAD, 410),
        ("401", LinkState.CLOSED, 401),
        ("403", LinkState.CLOSED, 403),
        ("451", LinkState.CLOSED, 451),
        ("400", LinkState.FAILING, 400),
        ("500", LinkState.FAILING, 500),
        ("503", LinkState.FAILING, 503),
        ("599", LinkState.FAILING, 599),
        ("429", LinkState.UNKNOWN, 429),
        ("headless/405", LinkState.ALIVE, 200),
        ("headless/403", LinkState.ALIVE, 200),
        ("headless/404", LinkState.ALIVE, 200),
        ("headless/501", LinkState.ALIVE, 200),
        ("to/302/ok", LinkState.ALIVE, 200),
        ("to/307/ok", LinkState.ALIVE, 200),
        ("to/301/ok", LinkState.MOVED, 200),
        ("to/308/ok", LinkState.MOVED, 200),
        ("to/302/to/301/ok", LinkState.ALIVE, 200),
        ("to/301/404", LinkState.DEAD, 404),
        ("nowhere", LinkState.ALIVE, 302),
        ("down/5", LinkState.MOVED, 200),
        ("down/6", LinkState.FAILING, 301),
        ("loop", LinkState.FAILING, 302),
        ("garbage", LinkState.FAILING, None),
        ("hangup", LinkState.FAILING, None),
        ("headers", LinkState.FAILING, None),
    ],
)
def test_what_is_found(visitor, host, path, state, code):
    verdict = visitor.visit(host.url(path))
    assert (verdict.state, verdict.code) == (state, code), verdict.reason
    assert (verdict.reason == "") == (state == LinkState.ALIVE)


def test_where_it_has_moved_to(visitor, host):
    place = host.url("ok?a=b", "elsewhere.test")
    verdict = visitor.visit(host.url(f"to/301/{place}"))
    assert (verdict.state, verdict.leads_to) == (LinkState.MOVED, place)


def test_a_loop_is_left_after_five_redirects(visitor, host):
    visitor.visit(host.url("loop"))
    assert [path for _, _, path in host.asked].count("/loop") == 6


def test_get_only_where_head_is_refused(visitor, host):
    visitor.visit(host.url("ok"))
    assert [each for each in host.asked if each[2] == "/ok"] == [("HEAD", "alive.test", "/ok")]
    visitor.visit(host.url("headless/405"))
    assert [each[0] for each in host.asked if "headless" in each[2]] == ["HEAD", "GET"]


def test_it_says_who_it_is(visitor, host, settings):
    visitor.visit(host.url("ok"))
    assert host.agents == {f"RoundsLinkCheck/1.0 (+{settings.SITE_URL}/sources/#links)"}


class TestLimits:
    def visit(self, host, path: str):
        began = real_time.monotonic()
        verdict = Visitor(guard=host.guard(), limits=QUICK, pause=0).visit(host.url(path))
        return verdict, real_time.monotonic() - began

    @pytest.mark.parametrize("path", ["slow/3", "drip"])
    def test_whoever_takes_too_long_is_left(self, host, path):
        verdict, seconds = self.visit(host, path)
        assert (verdict.state, verdict.reason) == (LinkState.FAILING, "It took too long.")
        assert seconds < 2

    def test_a_page_without_end_is_not_read(self, host):
        verdict, seconds = self.visit(host, "huge")
        assert verdict.state == LinkState.ALIVE
        assert host.sent < 20_000_000  # what the system's own buffers took
        assert seconds < 2

    def test_a_packed_page_is_not_unpacked(self, host):
        verdict, _ = self.visit(host, "bomb")
        assert verdict.state == LinkState.ALIVE

    def test_nobody_at_home(self, host):
        port = host.port
        host.shutdown()
        host.server_close()
        verdict = Visitor(guard=host.guard(), limits=QUICK, pause=0).visit(f"http://alive.test:{port}/ok")
        assert (verdict.state, verdict.reason) == (LinkState.FAILING, "The connection was refused.")

    def test_slow_but_there(self, host, monkeypatch):
        monkeypatch.setattr(visiting, "SLOW", 0.05)
        verdict, _ = self.visit(host, "slow/0.1")
        assert verdict.state == LinkState.SLOW


class TestPrivate:
    """Refused before any connection is opened to it."""

    @pytest.mark.parametrize(
        "address", ["10.0.0.1", "127.0.0.2", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fd00::1"]
    )
    def test_a_name_that_leads_inside(self, visitor, host, connections, address):
        host.names["inside.test"] = [address]
        verdict = visitor.visit(host.url("ok", "inside.test"))
        assert verdict.state == LinkState.REFUSED
        assert connections == host.asked == []

    def test_a_name_that_leads_inside_too(self, visitor, host, connections):
        host.names["both.test"] = [HERE, "10.0.0.1"]
        assert visitor.visit(host.url("ok", "both.test")).state == LinkState.REFUSED
        assert connections == []

    @pytest.mark.parametrize(
        "place",
        [
            "http://inside.test/", "http://10.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://127.0.0.2/",
            "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://alive.test:22/",
            "http://name:secret@alive.test/", "gopher://alive.test/",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("code", [301, 302])
    def test_a_redirect_that_leads_inside(self, visitor, host, connections, place, code):
        host.names["inside.test"] = ["192.168.0.1"]
        verdict = visitor.visit(host.url(f"to/{code}/{place}"))
        assert verdict.state == LinkState.REFUSED
        assert set(connections) == {(HERE, host.port)}
        assert {each[1] for each in host.asked} == {"alive.test"}

    def test_robots_that_lead_inside(self, visitor, host, connections, monkeypatch):
        monkeypatch.setitem(ROBOTS, "turns.test", (302, {"Location": "http://10.0.0.1/robots.txt"}, b""))
        assert visitor.visit(host.url("ok", "turns.test")).state == LinkState.REFUSED
        assert set(connections) == {(HERE, host.port)}

    def test_a_name_that_changes_its_mind_is_judged_anew_each_time(self, visitor, host, connections):
        """Open when robots.txt is asked for, private when the page is: nothing is opened there."""
        answers = iter([[HERE], ["10.0.0.1"]])
        visitor.guard = Guard(lambda name, port: next(answers), visitor.guard.is_open, visitor.guard.ports)
        assert visitor.visit(host.url("ok", "rebinding.test")).state == LinkState.REFUSED
        assert connections == [(HERE, host.port)]

    def test_the_connection_goes_to_what_was_judged_and_nobody_is_asked_again(self, visitor, host, monkeypatch):
        real = socket.getaddrinfo

        def only_numbers(name: str, *args: object, **kwargs: object):
            assert name == HERE, f"{name} was looked up again"
            return real(name, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
        assert visitor.visit(host.url("ok")).state == LinkState.ALIVE
        assert host.resolved == ["alive.test"] * 2  # robots.txt, and the page

    def test_a_name_that_does_not_exist(self, visitor, host):
        verdict = visitor.visit("http://nobody.example/")
        assert (verdict.state, verdict.reason) == (LinkState.DEAD, "There is no host called nobody.example.")

    def test_proxies_of_the_environment_are_passed_by(self, visitor, host, connections, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://10.0.0.9:3128")
        assert visitor.visit(host.url("ok")).state == LinkState.ALIVE
        assert set(connections) == {(HERE, host.port)}


class TestManners:
    @pytest.mark.parametrize(
        ("name", "path", "state"),
        [
            ("closed.test", "ok", LinkState.BLOCKED),
            ("packed.test", "ok", LinkState.BLOCKED),
            ("broken.test", "ok", LinkState.BLOCKED),
            ("rules.test", "ok", LinkState.ALIVE),
            ("rules.test", "ok?secret=1", LinkState.BLOCKED),
            ("rules.test", "other", LinkState.BLOCKED),
            ("rules.test", "404", LinkState.DEAD),
            ("bomb.test", "ok", LinkState.ALIVE),
            ("alive.test", "ok", LinkState.ALIVE),
        ],
    )
    def test_robots_are_respected(self, visitor, host, name, path, state):
        assert visitor.visit(host.url(path, name)).state == state
        opened = [each for each in host.asked if each[2] != "/robots.txt"]
        assert (opened == []) == (state == LinkState.BLOCKED)

    def test_of_a_host_that_a_redirect_leads_to_as_well(self, visitor, host):
        assert visitor.visit(host.url(f"to/302/{host.url('ok', 'closed.test')}")).state == LinkState.BLOCKED
        assert ("HEAD", "closed.test", "/ok") not in host.asked

    def test_robots_are_asked_for_once(self, visitor, host):
        for _ in range(3):
            visitor.visit(host.url("ok"))
        assert host.asked.count(("GET", "alive.test", "/robots.txt")) == 1

    def test_a_pause_between_two_requests_to_a_host(self, visitor, host, time):
        visitor.visit(host.url("ok"))  # robots.txt, the page
        assert time.slept == [2.0]
        visitor.visit(host.url("ok"))
        assert time.slept == [2.0, 2.0]
        visitor.visit(host.url("ok", "other.test"))
        assert time.slept == [2.0, 2.0, 2.0]  # before its page, not before its robots.txt

    def test_a_longer_one_where_the_host_asks_for_it(self, visitor, host, time):
        for _ in range(3):
            visitor.visit(host.url("ok", "patient.test"))
        assert time.slept == [2.0, 7.0, 7.0]

    def test_whoever_does_not_answer_is_not_asked_again_in_the_same_round(self, host):
        host.names["silent.test"] = []
        own = Visitor(guard=host.guard(), limits=QUICK, pause=0)
        for _ in range(3):
            assert own.visit(host.url("ok", "silent.test")).state == LinkState.DEAD
        assert host.resolved == ["silent.test"]


class TestSecure:
    """Over TLS the address is pinned, the name is what the certificate is for."""

    @pytest.fixture
    def secure(self, host, tmp_path, monkeypatch):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "alive.test")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("alive.test")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        place = tmp_path / "both.pem"
        place.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(place)
        asked_for: list[str | None] = []
        context.sni_callback = lambda own, name, where: asked_for.append(name)
        host.socket = context.wrap_socket(host.socket, server_side=True)
        monkeypatch.setattr(asking, "_trust", lambda: ssl.create_default_context(cafile=str(place)))
        return asked_for

    def test_the_name_is_asked_for_and_the_certificate_judged_by_it(self, visitor, host, secure, connections):
        assert visitor.visit(f"https://alive.test:{host.port}/ok").state == LinkState.ALIVE
        assert set(secure) == {"alive.test"}
        assert set(connections) == {(HERE, host.port)}

    def test_a_certificate_for_another_name_is_refused(self, visitor, host, secure):
        verdict = visitor.visit(f"https://other.test:{host.port}/ok")
        assert (verdict.state, verdict.reason) == (LinkState.FAILING, "Its certificate is not valid.")
        assert host.asked == []

    def test_plain_http_where_tls_is_spoken(self, visitor, host, secure):
        assert visitor.visit(host.url("ok")).state == LinkState.FAILING


def test_tls_where_plain_http_is_spoken(host, visitor):
    verdict = visitor.visit(f"https://alive.test:{host.port}/ok")
    assert (verdict.state, verdict.reason) == (LinkState.FAILING, "No secure connection could be made.")
