"""Posting a page's own form back, as a browser would: with everything that stands in it."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import HttpResponse

type Fields = dict[str, list[str]]


class _Form(HTMLParser):
    """The fields of the form whose id is given, with the values that a browser would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: Fields = {}
        self.select: str | None = None
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "form":
            self.inside = of.get("id") == self.form_id
        if not self.inside or "disabled" in of:
            return
        name = of.get("name") or ""
        if tag == "input" and name:
            self._input(name, of)
        elif tag == "select":
            self.select = name
            self.fields.setdefault(name, [])
        elif tag == "option" and self.select is not None and "selected" in of:
            self.fields[self.select].append(of.get("value") or "")
        elif tag == "textarea":
            self.area, self.text = name, ""

    def _input(self, name: str, of: dict[str, str | None]) -> None:
        kind = of.get("type", "text")
        ticks = kind in ("checkbox", "radio")
        if kind in ("submit", "button", "image") or (ticks and "checked" not in of):
            return
        self.fields.setdefault(name, []).append(of.get("value") or ("on" if ticks else ""))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            # HTML drops the line break behind the tag, and sends lines that end in CR LF.
            text = self.text.removeprefix("\r").removeprefix("\n")
            self.fields.setdefault(self.area, []).append(text.replace("\r\n", "\n").replace("\n", "\r\n"))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields_of(response: HttpResponse, form_id: str) -> Fields:
    parser = _Form(form_id)
    parser.feed(response.content.decode())
    assert parser.fields, f"no form {form_id}"
    return {name: values for name, values in parser.fields.items() if "__prefix__" not in name}
