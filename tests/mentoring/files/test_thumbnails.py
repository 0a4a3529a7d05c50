import io

import pytest
from PIL import Image

from mentoring.files.thumbnails import UndrawableError, thumbnail
from tests.mentoring.files.samples import image, png_of


def drawn(content):
    made = thumbnail(io.BytesIO(content))
    return made, Image.open(io.BytesIO(made.content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_large_ones_are_made_smaller(kind):
    made, shown = drawn(image(kind, (4000, 1000)))
    assert shown.size == (made.width, made.height) == (1600, 400)
    assert shown.format == kind
    assert made.content_type == f"image/{kind.lower()}"


def test_small_ones_keep_their_size():
    assert drawn(image())[1].size == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_drawn(mode):
    content = io.BytesIO()
    Image.new(mode, (1700, 20), 0 if mode in ("1", "L", "P", "I;16") else None).save(content, "PNG")
    assert drawn(content.getvalue())[1].size == (1600, 19)


def test_metadata_stays_behind_but_turns_the_picture():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x8825] = {1: "N"}
    exif[0x010E] = "at home"
    made, shown = drawn(image("JPEG", (40, 30), exif=exif.tobytes(), comment=b"secret", icc_profile=b"x" * 200))
    assert shown.size == (30, 40)
    assert not shown.getexif()
    assert b"secret" not in made.content
    assert "icc_profile" not in shown.info


def test_pixels_without_sense_are_said():
    with pytest.raises(UndrawableError):
        thumbnail(io.BytesIO(png_of(40, 40, b"\x09" * 41 * 40)))
