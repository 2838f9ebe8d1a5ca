"""Some columns of a sheet, read as if it had no others."""


class OfColumns:
    """The rows of a sheet with these of its columns alone."""

    def __init__(self, sheet, headers):
        self.sheet, self.headers = sheet, list(headers)
        self._places = [sheet.headers.index(name) for name in headers]
        self.rows = sheet.rows

    @property
    def unequal(self):
        """By line what is wrong with rows that are too long or too short."""
        return getattr(self.sheet, "unequal", {})

    @property
    def without_unequal(self):
        """The same without such rows."""
        return OfColumns(self.sheet.without_unequal, self.headers)

    def rows_on(self, lines):
        """The line, the row and what stands behind its last column, on these lines."""
        for line, row, behind in self.sheet.rows_on(lines):
            yield line, self._part(row), behind

    def chunks(self, *size):
        """Lists of lines and of rows, in step."""
        for lines, rows in self.sheet.chunks(*size):
            yield lines, list(map(self._part, rows))

    def _part(self, row):
        return [row[place] for place in self._places]
