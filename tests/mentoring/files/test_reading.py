"""What a page shows of a file: text and tables in part, and nothing that acts."""

import io
import json

import pytest
from django.template.loader import render_to_string

from mentoring.files.reading import lines_of, view_of
from tests.mentoring.files.samples import CSV, archive, code, image, notebook, pdf, stream


def read(content, kind, name="work"):
    return view_of(io.BytesIO(content), kind=kind, name=name, size=len(content))


def page(view, **more):
    return " ".join(render_to_string("mentoring/file_view.html", {"view": view, **more}).split())


def test_a_notebook_is_shown_by_cell():
    markdown = {"cell_type": "markdown", "source": ["# Plan\n", "<script>alert(1)</script>"]}
    found = read(notebook(markdown, code("x = '<b>'"), {"cell_type": "raw", "source": "as is"}), "ipynb")
    assert [(cell.number, cell.is_code, cell.is_markdown) for cell in found.cells] == [
        (1, False, True),
        (2, True, False),
        (3, False, False),
    ]
    html = page(found)
    assert "<h4>Plan</h4>" in html
    assert "<script>" not in html
    assert "x = &#x27;&lt;b&gt;&#x27;" in html
    assert "3 cells." in html


def test_outputs_are_text_and_pictures_are_named():
    figure = {"output_type": "display_data", "data": {"image/png": "iVBOR", "text/plain": ["<Figure>"]}}
    page_only = {"output_type": "execute_result", "data": {"text/html": "<script>alert(1)</script>"}}
    error = {"output_type": "error", "traceback": ["\x1b[0;31mValueError\x1b[0m", "line 2"]}
    stdout = {"output_type": "stream", "text": ["a\n", "b\n"]}
    outputs = read(notebook(code("x", figure, page_only, error, stdout)), "ipynb").cells[0].outputs
    assert [(each.text, each.unshown, each.is_error) for each in outputs] == [
        ("<Figure>", "Image (PNG)", False),
        ("", "Output as text/html", False),
        ("ValueError\nline 2", "", True),
        ("a\nb\n", "", False),
    ]


def test_long_cells_and_many_are_cut_and_counted():
    stdout = {"output_type": "stream", "text": "x" * 5000}
    view = read(notebook(code("y" * 25_000, *[stdout] * 30), *[code("z")] * 200), "ipynb")
    first = view.cells[0]
    assert (len(first.text), first.left_out) == (20_000, 5000)
    assert (len(first.outputs), first.outputs_left_out) == (20, 10)
    assert (len(first.outputs[0].text), first.outputs[0].left_out) == (3000, 2000)
    assert (view.shown, view.total) == (150, 201)
    html = page(view)
    assert "201 cells, the first 150 shown" in html
    assert "5,000 more characters are in the file" in html


def test_text_that_html_cannot_hold_is_replaced():
    content = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "a\ud800\0\u202eb"}]}).encode()
    view = read(content, "ipynb")
    assert view.cells[0].text == "a\ufffd\ufffd\ufffdb"
    page(view).encode()


def test_a_table_is_shown_in_part_and_counted():
    content = b"".join(b",".join(b"%d" % (row * column) for column in range(40)) + b"\n" for row in range(500))
    view = read(content, "csv")
    assert (view.shown, view.total, view.shown_columns, view.total_columns) == (100, 499, 30, 40)
    assert "499 rows of 40 columns, the first 100 rows shown, the first 30 columns shown." in page(view)


def test_a_table_is_one_that_screen_readers_read():
    html = page(read(b"a,b\n1\n2,<b>,3\n=1+1,@x\n", "csv", "days.csv"))
    assert 'tabindex="0" role="region" aria-label="Table in days.csv"' in html
    assert html.count('<th scope="col">') == 3
    assert "<td>1</td><td></td><td></td>" in html
    assert "&lt;b&gt;" in html
    assert "<td>=1+1</td><td>@x</td>" in html


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_tables_of_other_delimiters_are_read(delimiter):
    assert read(f'a{delimiter}b\n"1,5"{delimiter}2\n'.encode(), "csv").rows == (("1,5", "2"),)


def test_an_archive_is_listed():
    view = read(archive({"src/": b"", "src/a.py": b"x" * 2048}), "zip", "code.zip")
    html = page(view)
    assert "2 entries, 2.0 KB unpacked." in html
    assert '<th scope="row">src/a.py</th><td class="num">2.0 KB</td>' in html
    assert '<td class="num">folder</td>' in html


def test_pictures_are_measured_and_shown_only_by_our_address():
    view = read(image(), "png", "chart.png")
    assert "40 × 30 pixels" in page(view)
    assert "<img" not in page(view)
    assert '<img src="/p/1/" alt="The picture chart.png"' in page(view, picture_url="/p/1/")


def test_pages_are_counted_where_that_is_cheap():
    assert read(pdf(), "pdf").pages == 1
    assert read(pdf(stream(b"5 0 <</Type/Page>> <</Type /Page/X 1>><</Type/Pages>>")), "pdf").pages == 3
    assert read(pdf() + pdf(), "pdf").pages is None
    assert "1 page." in page(read(pdf(), "pdf"))


@pytest.mark.parametrize("kind", ["pdf", "png", "jpeg", "csv", "ipynb", "zip"])
def test_what_cannot_be_read_after_all_is_said(kind):
    html = page(read(b"\xff\0\xfe broken", kind))
    assert "<" in html


def test_notebooks_and_tables_become_lines():
    cells = notebook(
        {"cell_type": "markdown", "source": "# A\nb"}, code("x = 1", {"output_type": "stream", "text": "no"})
    )
    assert lines_of(io.BytesIO(cells), kind="ipynb") == [
        "# cell 1: markdown",
        "# A",
        "b",
        "",
        "# cell 2: code",
        "x = 1",
        "",
    ]
    assert lines_of(io.BytesIO(CSV), kind="csv") == ["patient_days,readmitted", "3,0", "12,1"]
    with pytest.raises(ValueError, match="Only notebooks"):
        lines_of(io.BytesIO(pdf()), kind="pdf")
