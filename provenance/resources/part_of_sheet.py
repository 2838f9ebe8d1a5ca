"""Some columns of a sheet, read as if it had no others."""


class OfColumns:
    """The rows of a sheet with these of its columns alone."""

    def __init__(self, sheet, headers):
        self.sheet, self.headers = sheet, list(headers)
        self._places = [sheet.headers.index(name) for name in headers]
        self.rows = sheet.rows

    @property
    def wrong(self):
        """By line what is wrong with rows before they are rows of a table."""
        return getattr(self.sheet, "wrong", {})

    @property
    def unread(self):
        """The lines of rows that no chunk has."""
        return getattr(self.sheet, "unread", ())

    def rows_on(self, lines):
        """The line, the row and what stands in no column, on these lines."""
        for line, row, beside in self.sheet.rows_on(lines):
            yield line, self._part(row), beside

    def chunks(self, *size):
        """Lists of lines and of rows, in step."""
        for lines, rows in self.sheet.chunks(*size):
            yield lines, list(map(self._part, rows))

    def _part(self, row):
        return [row[place] for place in self._places]
