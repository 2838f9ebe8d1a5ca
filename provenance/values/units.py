"""Units: what numbers count, of which one is called otherwise than several."""


class Unit(str):
    """What a number is of, as readers call several of it; empty if it is of nothing."""

    __slots__ = ("one",)

    def __new__(cls, several="", one=""):
        self = super().__new__(cls, several)
        self.one = one or several
        return self

    def behind(self, number):
        """A number, as readers write it, with what it is of: “about 1 person”."""
        is_one = number.rpartition(" ")[-1] in ("1", "-1")
        return f"{number} {self.one if is_one else self}".strip()
