"""Where the link check may go: hosts whose every address is public.

A name is resolved once for each request, all that it resolves to is judged, and the connection is made to one of these
very addresses. So a name that resolves to something else a moment later gains nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

type Address = IPv4Address | IPv6Address
type Resolve = Callable[[str, int], list[str]]

_PORTS = {"http": 80, "https": 443}
# Networks in which an address of the older kind stands in the last four bytes.
_CARRIERS = tuple(IPv6Network(each) for each in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48"))
_ISATAP = (0x00005EFE, 0x02005EFE)  # in the third quarter, before such an address


class NotPublicError(Exception):
    """An address that the check does not go to. The message says why."""


class NoSuchNameError(Exception):
    """The name does not exist."""


class NotResolvedError(Exception):
    """Nobody said now whether the name exists."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of whom."""

    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return self.origin + self.path


def target_of(url: str) -> Target:
    """The parts of an address. Raises NotPublicError for what is no address of a public page."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except ValueError as error:
        raise NotPublicError("It is no address.") from error
    if parts.scheme not in _PORTS:
        raise NotPublicError("Only http and https are followed.")
    if not host:
        raise NotPublicError("It names no host.")
    if parts.username is not None or parts.password is not None:
        raise NotPublicError("It carries a name or a password.")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], _path(parts))


def _path(parts: SplitResult) -> str:
    """Path and query with nothing in them that could end a line of a request."""
    path = parts.path or "/"
    whole = f"{path}?{parts.query}" if parts.query else path
    return "".join(each if "!" <= each <= "~" else "".join(f"%{byte:02X}" for byte in each.encode()) for each in whole)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, by the machine's own resolver, which has limits of its own for how long it takes."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
            raise NoSuchNameError(host) from error
        raise NotResolvedError(host) from error
    except (UnicodeError, OSError) as error:
        raise NotResolvedError(host) from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches the same host by it."""
    if address.is_multicast or address.is_unspecified or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    return not address.is_site_local and all(map(is_public, _carried_by(address)))


def _carried_by(address: IPv6Address) -> Iterator[IPv4Address]:
    """Addresses of the older kind inside one of the newer kind, to which a gateway may lead."""
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    number = int(address)
    if any(address in each for each in _CARRIERS) or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Guard:
    """Who says where a name leads, and which addresses and ports are open. Tests have another one for their own server;
    nothing else has."""

    resolve: Resolve = resolve
    is_open: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset(_PORTS.values())

    def addresses_of(self, target: Target) -> list[Address]:
        """Where to connect to. Raises NotPublicError, NoSuchNameError or NotResolvedError."""
        if target.port not in self.ports:
            raise NotPublicError(f"Port {target.port} is not followed.")
        found = [ip_address(each.partition("%")[0]) for each in self._resolved(target)]
        closed = [each for each in found if not self.is_open(each)]
        if closed:
            raise NotPublicError(f"{target.host} leads to {closed[0]}, which is not public.")
        if not found:
            raise NoSuchNameError(target.host)
        return found

    def _resolved(self, target: Target) -> list[str]:
        try:
            return [str(ip_address(target.host))]
        except ValueError:
            return self.resolve(target.host, target.port)
