"""What machines read: credentials, pictures, keys, the issuer, achievements, lists of what is revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts import access
from badges import addresses, pictures, status
from badges.achievements import Achievement
from badges.claims import CONTEXT, achievement_claims, issuer
from badges.keys import published_keys
from badges.models import Credential, Definition, Revocation
from badges.signing import sign
from badges.verifying import claims_in

_MINUTE = 60  # seconds
# Checkers run anywhere, also in a page of another site.
_FOR_EVERYBODY = {"Access-Control-Allow-Origin": "*"}
_NOT_FOUND_BY_SEARCH = {"X-Robots-Tag": "noindex"}


def _json(claims: dict[str, Any], *, content_type: str = "application/ld+json") -> JsonResponse:
    return JsonResponse(
        claims,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        content_type=content_type,
        headers=_FOR_EVERYBODY,
    )


def _file(credential: Credential, ending: str) -> str:
    return f'inline; filename="rounds-{credential.uuid}.{ending}"'


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def badge_jwt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The signed credential. It says nothing about the person."""
    credential = get_object_or_404(Credential, uuid=uuid)
    headers = _FOR_EVERYBODY | _NOT_FOUND_BY_SEARCH | {"Content-Disposition": _file(credential, "jwt")}
    return HttpResponse(credential.jwt, content_type="text/plain; charset=utf-8", headers=headers)


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def badge_json(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same, decoded for people to read. Only the signed one proves anything."""
    credential = get_object_or_404(Credential, uuid=uuid)
    response = _json(claims_in(credential.jwt), content_type="application/json")
    for name, value in _NOT_FOUND_BY_SEARCH.items():
        response[name] = value
    return response


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def badge_svg(request: HttpRequest, uuid: UUID) -> HttpResponse:
    credential = get_object_or_404(Credential, uuid=uuid)
    picture = pictures.svg(credential.achievement, credential=credential.jwt, revoked=credential.is_revoked)
    return HttpResponse(picture, content_type="image/svg+xml", headers=_FOR_EVERYBODY | _NOT_FOUND_BY_SEARCH)


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def badge_png(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For sites that show a picture beside a link. The learner's name is never in it: others keep copies."""
    credential = get_object_or_404(Credential, uuid=uuid)
    picture = pictures.png(credential.achievement, credential=credential.jwt, revoked=credential.is_revoked)
    return HttpResponse(picture, content_type="image/png", headers=_FOR_EVERYBODY | _NOT_FOUND_BY_SEARCH)


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def key_list(request: HttpRequest) -> HttpResponse:
    """The public keys as a JWK set."""
    jwks = {"keys": [key.to_jwk(addresses.key(key.thumbprint)) for key in published_keys()]}
    return _json(jwks, content_type="application/jwk-set+json")


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def key_detail(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """One public key: what a credential's `kid` leads to."""
    for key in published_keys():
        if key.thumbprint == thumbprint:
            return _json(key.to_jwk(addresses.key(thumbprint)), content_type="application/jwk+json")
    raise Http404


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def issuer_detail(request: HttpRequest) -> HttpResponse:
    return _json({"@context": CONTEXT, **issuer()})


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def achievement_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    definition = get_object_or_404(Definition, key=key)
    return _json({"@context": CONTEXT, **achievement_claims(Achievement.from_json(definition.achievement))})


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def achievement_svg(request: HttpRequest, key: UUID) -> HttpResponse:
    definition = get_object_or_404(Definition, key=key)
    picture = pictures.svg(Achievement.from_json(definition.achievement))
    return HttpResponse(picture, content_type="image/svg+xml", headers=_FOR_EVERYBODY)


@access.visitor
@require_GET
@cache_control(public=True, max_age=_MINUTE)
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Which credentials are revoked: a signed W3C Bitstring Status List."""
    first, _ = status.span(number)
    if first > Credential.objects.last_position():
        raise Http404
    revoked = Revocation.objects.between(*status.span(number)).positions()
    signed = sign(status.list_claims(number, revoked, now=now()), typ="vc+jwt")
    return HttpResponse(signed, content_type="application/vc+jwt", headers=_FOR_EVERYBODY)
