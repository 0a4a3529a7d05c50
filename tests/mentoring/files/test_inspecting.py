"""What is taken as evidence: honest files of six kinds, and none of an attacker's."""

import hashlib
import struct
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.files.inspecting import RefusedFileError, inspect
from tests.mentoring.files import samples
from tests.mentoring.files.samples import CSV, MB, archive, chunk, code, image, nested, notebook, pdf, png_of, stream

HONEST = {
    "pdf": pdf(),
    "pdf with packed objects": pdf(stream(b"5 0 <</Type/Annot/A<</S/URI/URI(https://a.example)>>>>")),
    "png": image(),
    "png with palette": image(mode="P"),
    "png of one bit": image(mode="1"),
    "png with alpha": image(mode="RGBA"),
    "jpeg": image("JPEG"),
    "jpeg progressive": image("JPEG", progressive=True),
    "jpeg gray with comment": image("JPEG", mode="L", comment=b"by hand"),
    "jpeg with metadata": image("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
    "csv": CSV,
    "csv with BOM and Windows lines": b'\xef\xbb\xbfname;note\r\nA;"two\r\nlines"\r\n',
    "csv with formula": b"a,b\n=1+1,@x\n",
    "ipynb": notebook(code("1 / 0", {"output_type": "error", "traceback": ["ZeroDivisionError"]})),
    "ipynb of format 3": b'{"nbformat":3,"worksheets":[{"cells":[{"cell_type":"code","input":["1"]}]}]}',
    "zip": archive({"src/model.py": b"print()", "data/": b"", "data/a.csv": CSV * 1000}),
    "zip stored": archive({"a.txt": b"a"}, 0),
    "zip with a sheet inside": archive({"sheet.xlsx": archive({"[Content_Types].xml": b"<x/>"})}),
}


def refused(content, name="file"):
    with pytest.raises(RefusedFileError) as caught:
        inspect(samples.upload(content), name=name)
    return caught.value.reason


@pytest.mark.parametrize("what", HONEST)
def test_honest_files_are_taken(what):
    content = HONEST[what]
    file = samples.upload(content)
    kind = what.split()[0]
    found = inspect(file, name=f"Work.{kind}")
    assert (found.kind, found.size, found.note) == (kind, len(content), "")
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.name == f"Work.{kind}"
    assert file.tell() == 0


def zip_with(content: bytes, **fields: int) -> bytes:
    """An archive of one entry with fields of both its headers set otherwise."""
    places = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<I"), "packed": (20, "<I"), "size": (24, "<I")}
    places["offset"] = (42, "<I")
    made = bytearray(archive({"a.txt": content}))
    start = made.index(b"PK\x01\x02")
    for name, value in fields.items():
        place, form = places[name]
        struct.pack_into(form, made, start + place, value)
        if name != "offset":  # what stands before the content says the same: only the content itself tells
            struct.pack_into(form, made, place - 2, value)
    return bytes(made)


def hidden(name: bytes) -> bytes:
    return pdf(stream(b"5 0 <</S" + name + b"/X(app.alert\\(1\\))>>"))


def with_gap(content: bytes) -> bytes:
    """An archive in which something stands between the last file and the directory, all places said rightly."""
    one = archive({"a.txt": b"a"})
    start, end = one.index(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    return one[:start] + content + one[start : end + 16] + struct.pack("<I", start + len(content)) + one[end + 20 :]


PNG, JPEG, ZIP = image(), image("JPEG"), archive({"a.txt": b"a"})
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

HOSTILE = {
    "nothing": b"",
    "too large": bytes(11 * MB),
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after space and BOM": b"\xef\xbb\xbf\n  <html>",
    "svg": SVG,
    "xml": b'<?xml version="1.0"?>' + SVG,
    "csv with script at its head": b"a,b\n<script>alert(1)</script>,1\n",
    "csv with php": b"a,<?php system(1) ?>\n1,2\n",
    "csv with NUL": b"a,b\n\0,1\n",
    "csv with escape sequences": b"a,b\n\x1b[2J,1\n",
    "csv in Latin-1": "a,b\né,1\n".encode("latin-1"),
    "csv in UTF-16": "a,b\n1,2\n".encode("utf-16"),
    "csv that never ends a quotation": b'a,b\n"' + b"x\n" * 100_000,
    "csv of one cell of 9 MB": b"a" * 9 * MB,
    "csv of one line of 9 MB": b"a," * (9 * MB // 2),
    "csv of blank lines": b"\n\n\n",
    "prose": b"Dear mentor,\nthis is what I did, and why.\nBest\n",
    "one line": b"a,b\n",
    "exe": b"MZ" + bytes(100),
    "elf": b"\x7fELF" + bytes(100),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "gif": b"GIF89a" + bytes(100),
    "heic": b"\0\0\0\x18ftypheic" + bytes(100),
    "gzip": b"\x1f\x8b\x08" + bytes(100),
    "word": archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "jar": archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}),
    # polyglots
    "pdf and zip": pdf(b"<<>>stream\n" + ZIP + b"\nendstream"),
    "pdf then zip": pdf() + ZIP,
    "zip then pdf": ZIP + pdf(),
    "zip after a script": b"#!/bin/sh\nexit\n" + ZIP,
    "zip after text": b"a,b\n" + ZIP,
    "zip with a tail": ZIP + b"tail",
    "zip with a gap": with_gap(b"<script>alert(1)</script>"),
    "pdf after html": b"<html>" + pdf(),
    "pdf after text": b"a,b\n" + pdf(),
    "pdf as html": pdf().replace(b"\n%\xe2", b"\n%<script>alert(1)</script>\n%\xe2", 1),
    "pdf with a tail": pdf() + b"<script>alert(1)</script>",
    "png with a tail": PNG + b"tail",
    "png then zip": PNG + ZIP,
    "png around zip": PNG[:-12] + chunk(b"teSt", ZIP) + PNG[-12:],
    "png with packed tail": PNG[:33] + chunk(b"IDAT", zlib.compress(bytes(30 * 121)) + b"x") + PNG[-12:],
    "jpeg with a tail": JPEG + b"tail",
    "jpeg then zip": JPEG + ZIP,
    "jpeg around zip": JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(ZIP) + 2) + ZIP + JPEG[2:],
    "jpeg of two": JPEG + JPEG,
    # pdf
    "pdf locked": pdf(trailer=b"/Encrypt 9 0 R"),
    "pdf with script": pdf(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "pdf with spelled script": pdf(b"<</S/J#61v#61Script/JS(1)>>"),
    "pdf with packed script": hidden(b"/JavaScript"),
    "pdf with packed and spelled script": hidden(b"/#4aavaScript"),
    "pdf with packed script in a spelled stream": pdf(
        stream(b"5 0 <</S/JavaScript>>", b"/Type/Obj#53tm/N 1/F#69rst 4/Filter/FlateDecode")
    ),
    "pdf with script packed twice": pdf(stream(b"x", b"/Type/ObjStm/First 4/Filter[/ASCIIHexDecode/FlateDecode]")),
    "pdf with launch": pdf(b"<</S/Launch/F(cmd.exe)>>"),
    "pdf with packed launch": hidden(b"/Launch"),
    "pdf with a form of scripts": pdf(b"<</XFA[(a)5 0 R]>>"),
    "pdf cut off": pdf()[:-10],
    "pdf bomb": pdf(stream(bytes(40 * MB))),
    "pdf of nothing": b"%PDF-1.7\n%%EOF",
    "pdf of no version": pdf(version=b"9"),
    # pictures
    "png of 50,000 × 50,000": png_of(50_000, 50_000, b""),
    "png that unpacks to more": png_of(10, 10, bytes(5 * MB)),
    "png that unpacks to less": png_of(1000, 1000, bytes(100)),
    "png cut off": image(size=(300, 300))[:-500],
    "png damaged": PNG[:45] + b"\xff" + PNG[46:],
    "png without size": png_of(0, 10, b""),
    "png of a million parts": PNG[:33] + chunk(b"IDAT", b"") * 20_000 + PNG[33:],
    "jpeg cut off": image("JPEG", (300, 300))[:-500],
    "jpeg of nothing": b"\xff\xd8\xff\xd9",
    "jpeg of 60,000 × 60,000": JPEG.replace(struct.pack(">HH", 30, 40), struct.pack(">HH", 60_000, 60_000), 1),
    "jpeg of a million comments": b"\xff\xd8" + b"\xff\xfe\0\x02" * MB + b"\xff\xd9",
    # notebooks
    "json": b'{"a": 1}',
    "ipynb of format 2": b'{"nbformat":2,"cells":[{"cell_type":"code","source":""}]}',
    "ipynb of format true": b'{"nbformat":true,"cells":[{"cell_type":"code","source":""}]}',
    "ipynb without cells": b'{"nbformat":4,"cells":[]}',
    "ipynb with wrong cells": b'{"nbformat":4,"cells":[1]}',
    "ipynb with wrong source": b'{"nbformat":4,"cells":[{"cell_type":"code","source":[1]}]}',
    "ipynb with wrong kind": b'{"nbformat":4,"cells":[{"cell_type":[],"source":""}]}',
    "ipynb with wrong outputs": b'{"nbformat":4,"cells":[{"cell_type":"code","source":"","outputs":[1]}]}',
    "ipynb 300 deep": nested(300),
    "ipynb 4 million deep": nested(4 * MB),
    "ipynb of half a million lists": notebook(x=[[]] * 500_000),
    "ipynb of a huge number": b'{"nbformat":4,"x":' + b"9" * MB + b"}",
    "ipynb of a huge exponent": b'{"nbformat":4,"x":1e' + b"9" * MB + b"}",
    "ipynb with a string that never ends": b'{"nbformat":4,"x":"' + b'\\"' * (4 * MB),
    "ipynb with a tail": notebook() + ZIP,
    "ipynb cut off": notebook()[:-5],
    # archives
    "zip of nothing": archive({}),
    "zip cut off": ZIP[:-5],
    "zip locked": zip_with(b"a", flags=1),
    "zip of a rare method": zip_with(b"a", method=14),
    "zip that lies about its size": zip_with(bytes(100_000), size=10),
    "zip that lies about its sum": zip_with(b"a", crc=1),
    "zip that leads elsewhere": zip_with(b"a", offset=5),
    "zip bomb": archive({"a": bytes(120 * MB)}),
    "zip bomb that lies": zip_with(bytes(20 * MB), size=1000, packed=1000),
    "zip bomb of zip bombs": archive({f"{each}.zip": archive({"a": bytes(3 * MB)}) for each in range(50)}),
    "zip in zip in zip": archive({"a.zip": archive({"b.zip": archive({"c.txt": b"c"})})}),
    "zip of gzip": archive({"a.gz": b"\x1f\x8b\x08" + bytes(50)}),
    "zip of overlapping entries": samples.overlapping(),
    "zip of one content by two names": samples.overlapping(2),
    "zip of 3,000 entries": archive({str(each): b"" for each in range(3000)}),
    "zip with two of a name": archive({"a.txt": b"a", "A.TXT": b"a"}),
    "zip with a link": samples.link("a", b"/etc/passwd"),
    "zip with a program": archive({"setup.exe": b"MZ"}),
} | {
    f"zip with {name!r}": archive({name: b"a"})
    for name in (
        "../a", "a/../../b", "/etc/passwd", "C:/a", "a\\b", "..\\a", "a//b", "./a", "CON", "a/nul.txt", "com1.csv",
        "a\u202etxt.gpj", "a\nb", "a.", "a ", "x" * 500, "a/" * 40 + "a",
    )
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_others_are_refused_with_a_sentence(what):
    reason = refused(HOSTILE[what])
    assert reason[0].isupper() or reason[0] == "“"
    assert reason.endswith(".")


@pytest.mark.parametrize("what", ["png of 50,000 × 50,000", "jpeg of 60,000 × 60,000"])
def test_too_many_pixels_are_said_before_anything_is_unpacked(what):
    assert "000 pixels" in refused(HOSTILE[what])


def test_a_quine_of_archives_is_refused():
    # droste.zip holds itself; what matters is that no level is believed to be the last.
    inside = archive({"a": b"a"})
    for _ in range(5):
        inside = archive({"r/r.zip": inside})
    assert "archives in archives" in refused(inside)


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [
        (CSV, "data.txt", "data.csv"),
        (CSV, "data", "data.csv"),
        (PNG, "scan.jpg", "scan.png"),
        (JPEG, "photo.heic", "photo.jpg"),
        (JPEG, "photo.JPEG", "photo.jpeg"),
        (notebook(), "model.json", "model.ipynb"),
        (pdf(), "report.v2", "report.v2.pdf"),
        (ZIP, "work.csv", "work.zip"),
    ],
)
def test_a_harmless_wrong_ending_is_put_right_and_said(content, name, shown):
    found = inspect(samples.upload(content), name=name)
    assert found.name == shown
    assert bool(found.note) is (not shown.lower().endswith(name.lower().rpartition(".")[2]))


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.pdf.js", "a.PY", "a.lnk ", "a.hta.", "a.h\u200btml"])
def test_a_name_that_would_be_run_is_refused_whatever_is_inside(name):
    assert refused(CSV, name)


def test_one_column_is_a_table_only_by_its_name():
    assert inspect(samples.upload(b"days\n3\n4\n"), name="days.csv").kind == "csv"
    assert "note" in refused(b"days\n3\n4\n", "days.txt")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.csv"),
        ("C:\\Users\\ann\\days.csv", "days.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("a\0b\r\n.csv", "ab.csv"),
        ("gpj\u202evsc.csv", "gpjvsc.csv"),
        ("CON", "_CON.csv"),
        ("nul.csv", "_nul.csv"),
        ("com1.x.csv", "_com1.x.csv"),
        ("", "evidence.csv"),
        ("...", "evidence.csv"),
        (".csv", "csv.csv"),
        ('a<b>"c".csv', "a-b--c-.csv"),
        ("Éva  Naïve.csv", "Éva Naïve.csv"),
        ("\ud800.csv", "csv.csv"),
    ],
)
def test_names_are_cleaned(name, shown):
    found = inspect(samples.upload(CSV), name=name)
    assert found.name == shown


@given(st.text(max_size=400))
def test_any_name_is_refused_or_safe_to_show(name):
    with suppress(RefusedFileError):
        shown = inspect(samples.upload(CSV), name=name).name
        assert 5 <= len(shown) <= 120
        assert shown.endswith(".csv")
        assert not set(shown) & set('/\\\0\n\r<>:"|?*\u202e')
        shown.encode()


@settings(max_examples=150, deadline=2000)
@given(st.sampled_from(sorted(HONEST)), st.data())
def test_no_damage_ends_in_anything_but_a_verdict(what, data):
    content = bytearray(HONEST[what])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[place] = data.draw(st.integers(0, 255))
        else:
            content[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    with suppress(RefusedFileError):
        inspect(samples.upload(bytes(content)), name="a")


@given(st.sampled_from([PNG[:33], JPEG[:20], b"%PDF-1.7\n", b"PK\x03\x04", b"{", b"a,b\n"]), st.binary(max_size=300))
def test_no_beginning_is_enough(beginning, rest):
    with suppress(RefusedFileError):
        assert inspect(samples.upload(beginning + rest), name="a").kind in ("csv", "zip")


def test_the_worst_is_refused_in_time():
    """Ten megabytes made to keep a reader busy. Two seconds are promised; alone it takes a tenth of a second."""
    began = time.thread_time()
    refused(pdf(b"#41" * (3 * MB)))
    refused(b'{"a":' + b'"' * (9 * MB))
    assert time.thread_time() - began < 4
