"""Workbooks as other programs write them, for tests: sheets of rows by their names."""

import io
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import xlwt

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def xlsx(**sheets):
    """An XLSX workbook; a formula in it has no value."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return _saved(book)


def xls(**sheets):
    """A workbook of former times, days in it by the form of their cells."""
    book, of_a_day = xlwt.Workbook(), xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                form = (of_a_day,) if hasattr(value, "year") else ()
                sheet.write(at, place, value, *form)
    return _saved(book)


def ods(**sheets):
    """A workbook in the OpenDocument format, with no more than a reader needs."""
    tables = "".join(
        f'<table:table table:name="{name}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables):
    """A workbook in the OpenDocument format whose tables are this XML."""
    content = (
        f'<?xml version="1.0"?><office:document-content {NAMESPACES} '
        f'xmlns:calcext="{CALC}"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    members = {"mimetype": ODS_TYPE, "content.xml": content}
    return archive(members | {"META-INF/manifest.xml": ODS_MANIFEST})


ODS_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def _ods_row(row):
    return f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(value):
    """A cell as ODS has it."""
    if hasattr(value, "year"):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif value:
        kind = 'office:value-type="string"'
    else:
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f"<table:table-cell {kind}>{text}</table:table-cell>"


def archive(members):
    """A ZIP archive of members by their names; one may come in parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            with packed.open(name, "w", force_zip64=True) as member:
                parts = [content] if isinstance(content, str | bytes) else content
                for part in parts:
                    member.write(part if isinstance(part, bytes) else part.encode())
    return file.getvalue()


def with_cells(parts):
    """An XLSX workbook whose one sheet has this as the XML of its rows."""
    with zipfile.ZipFile(io.BytesIO(xlsx(Datos=[["slug"]]))) as packed:
        members = {name: packed.read(name).decode() for name in packed.namelist()}
    head = (
        '<?xml version="1.0"?><worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    cells = [head, *parts, "</sheetData></worksheet>"]
    return archive(members | {"xl/worksheets/sheet1.xml": cells})


def _saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
