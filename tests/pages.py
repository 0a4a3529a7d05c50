"""Reading pages as people do: words, links and tables instead of markup."""

from __future__ import annotations

import json
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponse

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """A page that was answered."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.html = response.content.decode()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(self.html)
        self.unclosed = self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append((tag, found))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append((int(tag[1:]), ""))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self._words.append(data)
        if any(tag[0] == "h" and tag[1:].isdigit() for tag in self._open):
            level, text = self.headings[-1]
            self.headings[-1] = level, " ".join(f"{text} {data}".split())

    @property
    def text(self) -> str:
        """Every word on the page, with single spaces."""
        return " ".join(" ".join(self._words).split())

    @property
    def data_block(self) -> dict:
        """The structured data for search engines."""
        start = self.html.index(">", self.html.index('<script type="application/ld+json"')) + 1
        return json.loads(self.html[start : self.html.index("</script>", start)])

    def meta(self, name: str) -> str | None:
        for tag, found in self.attributes:
            if tag == "meta" and name in (found.get("name"), found.get("property")):
                return unescape(found.get("content") or "")
        return None

    def forms(self, action: str) -> list[dict[str, str | None]]:
        """The forms that carry an action’s handle."""
        return [found for tag, found in self.attributes if tag == "form" and found.get("data-action") == action]


def flaws(page: Page) -> list[str]:
    """What no page of ours may have, as far as its markup tells."""
    found = [f"<{tag}> is not closed" for tag in page.unclosed]
    found += [f"id {each} stands twice" for each in {each for each in page.ids if page.ids.count(each) > 1}]
    found += [f"empty heading of level {level}" for level, text in page.headings if not text]
    found += [f"#{link[1:]} leads nowhere" for link in page.links if link.startswith("#") and link[1:] not in page.ids]
    for (above, _), (level, text) in zip(page.headings, page.headings[1:], strict=False):
        if level > above + 1:
            found.append(f"“{text}” skips from level {above} to {level}")
    for tag, attributes in page.attributes:
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            found.append(f"<{tag}> has a style or handler of its own")
        outside = tag == "a" and str(attributes.get("href")).startswith("http")
        if outside and "noopener" not in str(attributes.get("rel")):
            found.append(f"{attributes['href']} is another site, without rel")
    return found
