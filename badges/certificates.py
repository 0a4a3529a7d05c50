"""The certificate of a whole roadmap on paper: A4, landscape, with text that can be selected."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache
from math import cos, pi, sin
from typing import cast

import qrcode
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue

from badges import addresses
from badges.models import Credential
from badges.pictures import BRAND, KINDS, PAPER, REGULAR, SEMIBOLD, SOFT

LONGEST_NAME = 80
NOBODY = "A learner of Rounds"
_FAMILY = "EB Garamond"
_INK, _LINE = "#102321", "#b9c8c2"
_WIDTH, _HEIGHT, _MARGIN = 297.0, 210.0, 12.0
_LEFT, _RIGHT = 112.0, _WIDTH - 30.0


def spelled(name: str) -> str:
    """A name as one line, with letters and their marks as one where Unicode has that."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def cannot_draw(text: str) -> list[str]:
    """The characters of a text that the certificate's font has no letter for, each once."""
    return [each for each in dict.fromkeys(text) if ord(each) not in _letters() or unicodedata.combining(each)]


@cache
def _letters() -> frozenset[int]:
    with TTFont(SEMIBOLD, lazy=True) as font:
        return frozenset(font.getBestCmap())


def certificate(credential: Credential, *, name: str) -> bytes:
    """The PDF; `name` as the learner spells it, or "" for nobody's."""
    achievement, address = credential.achievement, addresses.badge(credential.uuid)
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_title(f"Certificate: {achievement.name}")
    pdf.set_author("Rounds")
    pdf.set_subject(f"{name or NOBODY}: {achievement.description}")
    pdf.set_keywords(f"certificate, {achievement.role}, {credential.uuid}")
    pdf.set_creator("Rounds")
    pdf.set_lang("en-US")
    pdf.set_creation_date(credential.issued_at)
    pdf.set_auto_page_break(False)
    pdf.add_font(_FAMILY, "", REGULAR)
    pdf.add_font(_FAMILY, "B", SEMIBOLD)
    pdf.add_page()
    _frame(pdf)
    _ring(pdf, credential)
    _text(pdf, credential, name)
    _foot(pdf, address)
    return bytes(pdf.output())


def _frame(pdf: FPDF) -> None:
    pdf.set_fill_color(PAPER)
    pdf.rect(0, 0, _WIDTH, _HEIGHT, style="F")
    pdf.set_draw_color(BRAND)
    pdf.set_line_width(0.6)
    pdf.rect(_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
    pdf.set_draw_color(_LINE)
    pdf.set_line_width(0.2)
    inner = _MARGIN + 2.2
    pdf.rect(inner, inner, _WIDTH - 2 * inner, _HEIGHT - 2 * inner)


def _ring(pdf: FPDF, credential: Credential) -> None:
    x, y, radius = 65.0, 88.0, 30.0
    for arc in credential.achievement.arcs:
        if arc.length == 1:
            pdf.set_draw_color(BRAND)
            pdf.set_line_width(6)
            pdf.circle(x, y, radius)
            continue
        ends = (arc.start, arc.start + arc.length)
        middle = sum(ends) / 2
        points = [_on_circle(x, y, radius, share) for share in (ends[0], middle, ends[1])]
        _stroke(pdf, points, 6, KINDS[arc.kind - 1] if arc.kind else BRAND, around=radius)
    pdf.set_draw_color(BRAND)
    pdf.set_line_width(0.8)
    pdf.circle(x, y, radius - 7.5)
    _stroke(pdf, [(x - 9.2, y + 1.0), (x - 2.4, y + 7.8), (x + 9.8, y - 6.8)], 4.2, BRAND)


def _on_circle(x: float, y: float, radius: float, share: float) -> tuple[float, float]:
    """A point of a circle, at a share of its way round from the top, clockwise."""
    return x + radius * sin(2 * pi * share), y - radius * cos(2 * pi * share)


def _stroke(
    pdf: FPDF, points: list[tuple[float, float]], width: float, color: str, *, around: float | None = None
) -> None:
    """A line through the points, with round ends; or arcs of a circle of that radius, cut off straight."""
    start, *others = points
    with pdf.new_path(*start) as path:
        path.style.stroke_width = width
        path.style.stroke_color = color
        path.style.fill_color = None
        path.style.stroke_cap_style = "round" if around is None else "butt"
        path.style.stroke_join_style = "round"
        path.style.auto_close = False
        for x, y in others:
            if around is None:
                path.line_to(x, y)
            else:
                path.arc_to(around, around, 0, False, True, x, y)


def _text(pdf: FPDF, credential: Credential, name: str) -> None:
    achievement = credential.achievement
    pdf.set_xy(_LEFT, 34)
    _line(pdf, "Rounds certificate", 14, BRAND, bold=True)
    pdf.ln(2)
    _block(pdf, name or NOBODY, 34, _INK, most=2, bold=True)
    pdf.ln(3)
    _line(pdf, "has had every milestone approved by mentors:", 13, SOFT)
    pdf.ln(1)
    _block(pdf, achievement.name, 24, BRAND, most=3, bold=True)
    pdf.ln(2)
    _block(pdf, achievement.description, 12.5, _INK, most=4)
    pdf.ln(5)
    _block(pdf, f"Last approved by {achievement.approved_by} on {_day(achievement.on)}", 13, _INK, most=2)
    if pdf.get_y() < 122:
        pdf.ln(4)
        _criteria(pdf, achievement.criteria)


def _criteria(pdf: FPDF, criteria: Sequence[str]) -> None:
    """As many as there is room for; the page that can be checked has all."""
    for number, text in enumerate(criteria):
        if pdf.get_y() > 142:
            _line(pdf, f"and {len(criteria) - number} more", 11, SOFT)
            return
        _block(pdf, f"– {text}", 11, SOFT, most=1)


def _foot(pdf: FPDF, address: str) -> None:
    side = 26.0
    _code(pdf, address, 52.0, 148.0, side)
    pdf.set_xy(_LEFT, 155)
    _line(pdf, "Check this certificate", 12, _INK, bold=True)
    pdf.set_x(_LEFT)
    pdf.set_font(_FAMILY, "", 11)
    pdf.set_text_color(BRAND)
    pdf.multi_cell(_RIGHT - _LEFT, 5.4, address, link=address, align=Align.L, new_x="LMARGIN", new_y="NEXT")
    pdf.set_x(_LEFT)
    _block(
        pdf,
        "The page says whether it is valid, checks the signature, and tells how to do that without us. "
        "The paper alone proves nothing: anybody can print a name.",
        10.5,
        SOFT,
        most=3,
    )


def _code(pdf: FPDF, text: str, x: float, y: float, side: float) -> None:
    """A QR code, drawn as squares, so that it stays sharp."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size = side / len(rows)
    pdf.set_fill_color(_INK)
    for down, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                pdf.rect(x + start * size, y + down * size, (end - start) * size, size, style="F")
            start = end + 1


def _line(pdf: FPDF, text: str, size: float, color: str, *, bold: bool = False) -> None:
    _block(pdf, text, size, color, most=1, bold=bold)


def _block(pdf: FPDF, text: str, size: float, color: str, *, most: int, bold: bool = False) -> None:
    """A text in at most so many lines: smaller if it must be, and cut where even that does not help."""
    width = _RIGHT - _LEFT
    text = "".join("?" if ord(each) not in _letters() and not each.isspace() else each for each in text)
    pdf.set_text_color(color)
    while True:
        pdf.set_font(_FAMILY, "B" if bold else "", size)
        height = size * 0.3528 * 1.22
        lines = _lines(pdf, text, width, height)
        if len(lines) <= most:
            break
        if size <= 10:
            lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,") + "…"]
            break
        size -= 0.5
    for line in lines:
        pdf.set_x(_LEFT)
        pdf.cell(width, height, line, new_x="LMARGIN", new_y="NEXT")


def _lines(pdf: FPDF, text: str, width: float, height: float) -> list[str]:
    lines = pdf.multi_cell(width, height, text, align=Align.L, dry_run=True, output=MethodReturnValue.LINES)
    return cast(list[str], lines)


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
