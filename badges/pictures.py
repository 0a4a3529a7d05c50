"""The badge as a picture: the ring of phases that was approved, with the credential baked in as Open Badges has it.

Colors are those of the light theme, written out: a picture travels without the stylesheet.
"""

from __future__ import annotations

import io
import struct
from functools import cache
from math import pi
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from badges.achievements import Achievement, Kind

FONTS = Path(__file__).parent / "fonts"
REGULAR, SEMIBOLD = FONTS / "EBGaramond-Regular.ttf", FONTS / "EBGaramond-SemiBold.ttf"

PAPER, LINE, BRAND, SOFT = "#f3f9f6", "#d1dcd8", "#055a43", "#445754"
GONE = "#8b9793"  # of what is revoked
KINDS = ("#4c72ab", "#10819e", "#258865", "#75832e", "#b5720f", "#c74d38")
# The same on the deep green band.
THEATRE, BRIGHT, PALE = "#082c25", "#e7efeb", "#abb8b3"
KINDS_BRIGHT = ("#84aee3", "#6abfd9", "#69cba3", "#b4c568", "#ebb25f", "#f58d79")
BRAND_BRIGHT, GONE_BRIGHT = "#7edab3", "#71827d"

_RADIUS, _STROKE = 196, 40
# The tick in the middle, on a canvas of 512.
_TICK = ((196, 262), (240, 306), (320, 210))
_PNG, _BAKED = b"\x89PNG\r\n\x1a\n", b"openbadgecredential\0"
_PREVIEW = (1200, 630)
_FINER = 2  # drawn larger, then shrunk: Pillow's arcs have no smooth edges


def svg(achievement: Achievement, *, credential: str = "", revoked: bool = False) -> str:
    """The badge; with `credential`, a compact JWS, baked."""
    around = 2 * pi * _RADIUS
    paint = {0: BRAND} | dict(enumerate(KINDS, start=1))
    circles = "".join(
        f'<circle cx="256" cy="256" r="{_RADIUS}" stroke="{GONE if revoked else paint[arc.kind]}"'
        f' stroke-dasharray="{arc.length * around:.2f} {around:.2f}" stroke-dashoffset="{-arc.start * around:.2f}"/>'
        for arc in achievement.arcs
    )
    title = f"{achievement.name}{' (revoked)' if revoked else ''}"
    names = ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"' if credential else ""
    baked = f"<openbadges:credential verify={quoteattr(credential)}></openbadges:credential>" if credential else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg"{names} viewBox="0 0 512 512" width="512" height="512" role="img"'
        f' aria-labelledby="name">{baked}<title id="name">{escape(title)}</title>'
        f"<desc>{escape(_described(achievement))}</desc>"
        f'<circle cx="256" cy="256" r="248" fill="{PAPER}" stroke="{LINE}" stroke-width="4"/>'
        f'<g fill="none" stroke-width="{_STROKE}" transform="rotate(-90 256 256)">{circles}</g>'
        f"{_middle(achievement, revoked)}</svg>\n"
    )


def _middle(achievement: Achievement, revoked: bool) -> str:
    if revoked:
        return f'<path d="M206 256H306" fill="none" stroke="{GONE}" stroke-width="30" stroke-linecap="round"/>'
    points = " ".join(f"{x} {y}" for x, y in _TICK)
    second = (
        f'<circle cx="256" cy="256" r="148" fill="none" stroke="{BRAND}" stroke-width="6"/>'
        if achievement.kind == Kind.ROADMAP
        else ""
    )
    return (
        f'{second}<path d="M{points}" fill="none" stroke="{BRAND}" stroke-width="30"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _described(achievement: Achievement) -> str:
    what = "the whole roadmap" if achievement.kind == Kind.ROADMAP else "a milestone"
    return f"Rounds, {achievement.role}: {what}, approved by a mentor."


def png(achievement: Achievement, *, credential: str = "", revoked: bool = False) -> bytes:
    """The picture that other sites show beside a link: 1200 by 630, baked too."""
    image = Image.new("RGB", _PREVIEW, THEATRE)
    side = 430
    image.paste(_ring(achievement, side, revoked), (70, (_PREVIEW[1] - side) // 2))
    _words(ImageDraw.Draw(image), achievement, revoked)
    info = PngInfo()
    if credential:
        info.add_itxt("openbadgecredential", credential, zip=False)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=info)
    return file.getvalue()


def _ring(achievement: Achievement, side: int, revoked: bool) -> Image.Image:
    size = side * _FINER
    scale = size / 512
    image = Image.new("RGB", (size, size), THEATRE)
    draw = ImageDraw.Draw(image)
    paint = {0: BRAND_BRIGHT} | dict(enumerate(KINDS_BRIGHT, start=1))
    edge = (256 - _RADIUS - _STROKE / 2) * scale
    box = (edge, edge, size - edge, size - edge)
    for arc in achievement.arcs:
        start = arc.start * 360 - 90
        color = GONE_BRIGHT if revoked else paint[arc.kind]
        draw.arc(box, start, start + arc.length * 360, fill=color, width=round(_STROKE * scale))
    points = [(206, 256), (306, 256)] if revoked else _TICK
    _thick_line(draw, [(x * scale, y * scale) for x, y in points], 30 * scale, GONE_BRIGHT if revoked else BRAND_BRIGHT)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _thick_line(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float, color: str) -> None:
    draw.line(points, fill=color, width=round(width), joint="curve")
    for x, y in (points[0], points[-1]):
        draw.circle((x, y), width / 2, fill=color)


def _words(draw: ImageDraw.ImageDraw, achievement: Achievement, revoked: bool) -> None:
    left, right = 560, _PREVIEW[0] - 60
    name = _wrapped(draw, achievement.name, _font(SEMIBOLD, 54), right - left, most=4)
    told = "Revoked" if revoked else f"Approved by {achievement.approved_by}"
    blocks = [
        (_font(REGULAR, 32), PALE, _wrapped(draw, achievement.role, _font(REGULAR, 32), right - left, most=1)),
        (_font(SEMIBOLD, 54), BRIGHT, name),
        (_font(REGULAR, 34), BRAND_BRIGHT, _wrapped(draw, told, _font(REGULAR, 34), right - left, most=1)),
        (_font(REGULAR, 32), PALE, ["Rounds: proof that can be checked"]),
    ]
    height = sum(len(lines) * font.size * 1.2 + 14 for font, _, lines in blocks)
    y = (_PREVIEW[1] - height) / 2
    for font, color, lines in blocks:
        for line in lines:
            draw.text((left, y), line, font=font, fill=color)
            y += font.size * 1.2
        y += 14


def _wrapped(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float, *, most: int
) -> list[str]:
    """The text in lines that fit; what does not fit into the last one is left out, and an ellipsis says so."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += "…"
    return [_cut(draw, line, font, width) for line in kept]


def _cut(draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    while draw.textlength(line, font=font) > width and len(line) > 1:
        line = line.rstrip("…")[:-1].rstrip() + "…"
    return line


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def credential_in(data: bytes) -> str:
    """What a file holds: the text that is baked into a PNG, or else the file itself as text."""
    if not data.startswith(_PNG):
        return data.decode(errors="replace").replace("\0", "\ufffd")
    place = len(_PNG)
    while place + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        chunk = data[place + 8 : place + 8 + length]
        if kind == b"iTXt" and chunk.startswith(_BAKED):
            # Flag and method of compression, language and translated keyword: none, each ended by a NUL.
            return chunk.removeprefix(_BAKED).lstrip(b"\0").decode(errors="replace")
        place += 12 + length
    return ""
