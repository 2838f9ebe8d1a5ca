"""Some columns of a sheet, read as if it had no others."""


class OfColumns:
    """The rows of a sheet with these of its columns alone."""

    def __init__(self, sheet, headers):
        self._sheet, self.headers = sheet, list(headers)
        self._places = [sheet.headers.index(name) for name in headers]
        self.rows = sheet.rows

    @property
    def faults(self):
        """What is wrong with the form of its rows."""
        return self._sheet.faults

    @property
    def without_unequal(self):
        """The same without rows that are too long or too short."""
        rest = self._sheet.without_unequal
        return rest and OfColumns(rest, self.headers)

    def chunks(self, *size):
        """Lists of lines and of rows, in step."""
        for lines, rows in self._sheet.chunks(*size):
            yield lines, [[row[place] for place in self._places] for row in rows]
