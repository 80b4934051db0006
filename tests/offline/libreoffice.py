"""A workbook edited as a person would: by LibreOffice, which opens it, types in its cells and saves it again."""

import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

TIMEOUT_SECONDS = 120
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Edits"/></library:library>"""
LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"
 library:link="false"/></library:libraries>"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">
{code}</script:module>"""
PROGRAM = """Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "Calc MS Excel 2007 XML"
  book = StarDesktop.loadComponentFromURL({source}, "_blank", 0, hidden())
  {edits}
  book.storeToURL({target}, filter())
  book.close(True)
  StarDesktop.terminate()
End Sub
"""

Typed = tuple[str, str, str | float | date]


def edited(content: bytes, edits: Iterable[Typed], folder: Path) -> bytes:
    """The workbook, once each (sheet, cell, what is typed) was typed. `folder`: of this run alone, profile included.

    A date is typed as on the keyboard; LibreOffice makes of it what its cell is for.
    """
    source, target, profile = folder / "avant.xlsx", folder / "après.xlsx", folder / "profile"
    source.write_bytes(content)
    # The first start fills the profile, over whatever stands there.
    _soffice(profile, "--terminate_after_init")
    _write_program(profile, source, target, edits)
    said = _soffice(profile, "macro:///Standard.Edits.Main")
    assert target.exists(), said
    return target.read_bytes()


def _soffice(profile: Path, what: str) -> str:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", what]
    done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT_SECONDS, text=True)
    return f"{done.returncode}: {done.stderr}"


def _write_program(profile: Path, source: Path, target: Path, edits: Iterable[Typed]) -> None:
    library = profile / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    code = PROGRAM.format(
        source=_quoted(source.as_uri()), target=_quoted(target.as_uri()), edits="\n  ".join(map(_statement, edits))
    )
    (library / "Edits.xba").write_text(MODULE.format(code=escape(code)))
    (library / "script.xlb").write_text(LIBRARY)
    (library.parent / "script.xlc").write_text(LIBRARIES)


def _statement(edit: Typed) -> str:
    sheet, cell, value = edit
    place = f"book.Sheets.getByName({_quoted(sheet)}).getCellRangeByName({_quoted(cell)})"
    match value:
        case float():
            return f"{place}.Value = {value}"
        case date():
            return f"{place}.Formula = {_quoted(value.isoformat())}"
    return f"{place}.String = {_quoted(value)}"


def _quoted(text: str) -> str:
    """In Basic: quotes twice, line breaks by their numbers."""
    return '"' + text.replace('"', '""').replace("\n", '" & Chr(10) & "') + '"'
