"""Names of files: what may be shown of them, and what they claim about the content."""

from __future__ import annotations

import re
import unicodedata

from mentoring.files.refusing import RefusedFileError
from mentoring.models import FileKind

LONGEST_NAME = 120

ENDINGS: dict[FileKind, tuple[str, ...]] = {
    FileKind.PDF: ("pdf",),
    FileKind.PNG: ("png",),
    FileKind.JPEG: ("jpg", "jpeg"),
    FileKind.CSV: ("csv",),
    FileKind.IPYNB: ("ipynb",),
    FileKind.ZIP: ("zip",),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Endings that only tell a kind of content: where the content is another, the right one takes their place.
_HARMLESS = _words("""
    bin bmp csv dat data doc docx download gif gz heic ipynb jfif jpe jpeg jpg json log md npz ods odt part pdf png ppt
    pptx rtf tab text tgz tif tiff tmp tsv txt webp xls xlsx zip
""")
# Endings that make a computer run or render the content, whatever it is.
_RUNNABLE = _words("""
    ade adp apk app appimage appx asp aspx bash bat cab chm cgi class cmd com command cpl csh deb desktop dll dmg exe
    fish gadget hlp hta htm html inf ins iso isp jar js jse jsp jsx ksh lib lnk mde mht mhtml mjs msc msi msix msp mst
    ocx php php3 php4 php5 phtml pif pkg pl ps1 psm1 py pyc pyw pyz rb reg rpm run scf scr sct service sh shtml so sql
    svg svgz swf sys ts url vb vbe vbs vxd wasm webloc wsc wsf wsh xbap xht xhtml xll xml xsl xslt zsh
""")
_SCRIPTS = _words("bash js jsx py rb sh sql ts")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def refuse_runnable(name: str) -> None:
    """Whatever is inside: a file of this name would be run by somebody's computer."""
    ending = _ending(_legible(name))
    if ending in _SCRIPTS:
        raise RefusedFileError(f"A .{ending} file is source code. Put it into a ZIP archive or a notebook.")
    if ending in _RUNNABLE:
        raise RefusedFileError(f"A computer may run a .{ending} file, so no file of that name is taken.")


def says(name: str, kind: FileKind) -> bool:
    return _ending(_legible(name)) in ENDINGS[kind]


def cleaned(name: str, kind: FileKind) -> str:
    """The name without folders, invisible and forbidden characters, with an ending that says what the content is."""
    name = _legible(name)
    stem, ending = name, _ending(name)
    if ending in ENDINGS[kind] or ending in _HARMLESS:
        stem = name[: -len(ending) - 1]
    if ending not in ENDINGS[kind]:
        ending = ENDINGS[kind][0]
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(" .") or "evidence"
    # Windows opens a device when asked for CON.pdf.
    if is_device(stem):
        stem = f"_{stem}"
    return f"{stem}.{ending}"


def is_device(part: str) -> bool:
    """Whether Windows takes this part of a path for a device, whatever its ending."""
    return bool(_DEVICE.fullmatch(part.split(".")[0].rstrip(" ")))


def has_invisible(text: str) -> bool:
    """Whether it holds what cannot be seen: control, direction and other formatting characters, lone surrogates."""
    return any(unicodedata.category(character) in _INVISIBLE for character in text)


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _legible(name: str) -> str:
    # A megabyte of name is not worth a look beyond its end, where the ending is.
    last = re.split(r"[/\\]", name[-1000:])[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _INVISIBLE)
    seen = _FORBIDDEN_IN_NAMES.sub("-", unicodedata.normalize("NFC", seen))
    return " ".join(seen.split()).strip(" .")


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""
