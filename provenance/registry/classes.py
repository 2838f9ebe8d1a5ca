"""Classes of which each kind of record has one: its own, or a plain one."""

from functools import update_wrapper

from django.utils.module_loading import autodiscover_modules


class ClassPerKind:
    """The function that gives the class of one sort for each kind of record.

    An app registers a class where a kind differs; for every other kind a plain one is
    made, below what is registered for the nearest model above it. So it is done with
    ``functools.singledispatch``, too. What ``members`` returns, given the kind and the
    class above, stands in the plain one.
    """

    def __init__(self, members, suffix, module, tells):
        self.members, self.suffix, self.module = members, suffix, module
        self.tells = tells
        self.registered, self.made, self.discovered = {}, {}, False
        update_wrapper(self, members)

    def register(self, model):
        """Has a class stand for this model, and above the plain ones below it."""

        def stands_for(own):
            self.registered[model] = self.told(own, model)
            return own

        return stands_for

    def __call__(self, kind):
        if not self.discovered:
            self.discovered = True
            autodiscover_modules(self.module)
        if kind in self.registered:
            return self.registered[kind]
        if kind not in self.made:
            self.made[kind] = self.plain(kind)
        return self.made[kind]

    def told(self, own, model):
        """The class, which knows by now what it is for."""
        if self.tells:
            setattr(own, self.tells, model)
        return own

    def plain(self, kind):
        """The class of a kind that has none of its own."""
        above = next(filter(None, map(self.registered.get, kind.__mro__)), None)
        if above is None:
            raise LookupError(f"{kind.__name__} needs a {self.suffix} of its own.")
        members = {"__module__": __name__, **self.members(kind, above)}
        return self.told(type(f"{kind.__name__}{self.suffix}", (above,), members), kind)


def class_per_kind(suffix, module, tells=""):
    """Makes a function that returns members one that gives the class of each kind.

    ``module`` is the one in which each app registers, imported when the first is asked.
    ``tells`` names the attribute by which a class knows its model, if there is one.
    """
    return lambda members: ClassPerKind(members, suffix, module, tells)
