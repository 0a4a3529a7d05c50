"""Where the link check may go."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from roles.links.guarding import (
    Guard,
    NoSuchNameError,
    NotPublicError,
    NotResolvedError,
    is_public,
    resolve,
    target_of,
)

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1",
    "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "2606:4700::5efe:10.0.0.1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:82b::200e", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_not_everybody_reaches_is_closed(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_everybody_reaches_is_open(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/", "example.org", "http://",
        "http:///path", "http://user@example.org/", "http://user:secret@example.org/", "http://example.org:port/",
        "http://example.org:99999/", "http://[::1", "javascript:alert(1)", "http://" + "a" * 70 + ".org/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page(url):
    with pytest.raises(NotPublicError):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://bücher.example/ü?q=ä b", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4%20b"),
        ("http://example.org./x", "http://example.org/x"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
        ("http://example.org/a\r\nHost: evil", "http://example.org/aHost:%20evil"),
    ],
)
def test_addresses_are_spelled_so_that_they_can_be_asked_for(url, shown):
    assert target_of(url).url == shown


def guard(*found: str) -> Guard:
    return Guard(resolve=lambda host, port: list(found))


def test_one_private_address_of_several_closes_a_name():
    with pytest.raises(NotPublicError, match="10.0.0.1"):
        guard("93.184.216.34", "10.0.0.1").addresses_of(target_of("http://both.example/"))
    with pytest.raises(NotPublicError, match="::1"):
        guard("93.184.216.34", "::1").addresses_of(target_of("http://both.example/"))
    with pytest.raises(NotPublicError, match="fe80::1"):
        guard("fe80::1%eth0").addresses_of(target_of("http://zone.example/"))


def test_an_address_instead_of_a_name_is_judged_without_asking_anybody():
    def nobody(host: str, port: int) -> list[str]:
        raise AssertionError("asked")

    own = Guard(resolve=nobody)
    for url in ("http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/"):
        with pytest.raises(NotPublicError):
            own.addresses_of(target_of(url))
    assert [str(each) for each in own.addresses_of(target_of("http://8.8.8.8/"))] == ["8.8.8.8"]


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/"])
def test_odd_spellings_of_this_machine_are_judged_by_what_they_resolve_to(url):
    with pytest.raises((NotPublicError, NoSuchNameError)):
        Guard().addresses_of(target_of(url))  # numbers: no server is asked for them


def test_other_ports_are_closed():
    for port in (22, 25, 5432, 6379, 8080):
        with pytest.raises(NotPublicError, match=str(port)):
            guard("93.184.216.34").addresses_of(target_of(f"http://open.example:{port}/"))


@pytest.mark.parametrize(
    ("number", "error"),
    [(socket.EAI_NONAME, NoSuchNameError), (socket.EAI_AGAIN, NotResolvedError), (socket.EAI_FAIL, NotResolvedError)],
)
def test_a_name_that_does_not_exist_and_one_that_nobody_tells(monkeypatch, number, error):
    def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(error):
        resolve("example.org", 80)
