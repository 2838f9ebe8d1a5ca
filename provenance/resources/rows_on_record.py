"""The rows on record that rows of a file may be, found by the keys of these."""

from .job import Recorded


class RowsOnRecord:
    """What one table has under the keys of a file, read as the file needs it.

    Rows under one anchor, the column of the key by which the database finds them,
    mostly follow each other, through many chunks where it is a busy record: what was
    there before the first of them is read once.
    """

    def __init__(self, resource, headers):
        key = list(resource.key_columns())
        relations = [name for name in key if resource.fields[name].is_relation]
        self.anchor = "slug" if "slug" in key else (*relations, key[-1])[0]
        self.at = key.index(self.anchor)
        self.key_places = [headers.index(name) for name in key]
        self.read = resource.recorded(headers, self.anchor)
        self.by_anchor = {}  # those under each anchor of the last chunk

    def under(self, values, keys):
        """What is on record under these keys; the anchor where nothing is under it."""
        anchors = {
            key[self.at]: value
            for key, value in zip(keys, values[self.anchor], strict=True)
            if key and value is not None
        }
        known = {text: rows for text, rows in self.by_anchor.items() if text in anchors}
        self.by_anchor = known | {text: {} for text in anchors if text not in known}
        unread = [value for text, value in anchors.items() if text not in known]
        for pk, texts in self.read(unread):
            key = tuple(texts[place] for place in self.key_places)
            self.by_anchor.setdefault(key[self.at], {})[key] = Recorded(pk, texts)
        recorded = {
            key: found
            for key in filter(None, keys)
            if (found := self.by_anchor.get(key[self.at], {}).get(key))
        }
        is_new = not known and not any(self.by_anchor.values())
        return recorded, self.anchor if is_new else ""
