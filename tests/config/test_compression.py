import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.compression import QuickGZipMiddleware

LONG = b"<p>A page that is long enough.</p>" * 100


def answer(response, **headers):
    return QuickGZipMiddleware(lambda request: response)(RequestFactory().get("/", headers=headers))


def test_long_pages_are_compressed_for_those_who_take_it():
    response = answer(HttpResponse(LONG), **{"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(response.content) == LONG
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Length"] == str(len(response.content))


def test_caches_on_the_way_are_told_either_way():
    assert answer(HttpResponse(LONG)).headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [HttpResponse(b"short"), HttpResponse(LONG, headers={"Content-Encoding": "br"}), StreamingHttpResponse([LONG])],
    ids=["short", "compressed already", "streamed"],
)
def test_others_pass_as_they_are(response):
    assert answer(response, **{"Accept-Encoding": "gzip"}).headers.get("Content-Encoding") != "gzip"


def test_very_long_pages_are_compressed_with_more_care():
    words = " ".join(str(number * number) for number in range(40_000)).encode()
    packed = answer(HttpResponse(words), **{"Accept-Encoding": "gzip"}).content
    assert gzip.decompress(packed) == words
    assert len(packed) < len(gzip.compress(words, 1))


def test_the_length_of_the_same_page_varies():
    lengths = {len(answer(HttpResponse(LONG), **{"Accept-Encoding": "gzip"}).content) for _ in range(30)}
    assert len(lengths) > 5
