"""Every address of the site, as its resolver has them."""

import re

from django.urls import URLResolver, get_resolver

PARAMETER = re.compile(
    r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\([^)]*\)|\[[^]]*\]|[^()[\]])*\)"
)


def patterns(resolver=None, before=""):
    """The pattern of every address: one text for each, with its parameters in it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, whole)
        else:
            yield whole


def parameters_of(pattern):
    """The names of the parameters of an address."""
    return [one or other for one, other in PARAMETER.findall(pattern)]


def address(pattern, values):
    """The address with these values in it; KeyError for a parameter without one."""
    path = PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), pattern)
    return "/" + re.sub(r"\\Z|\$|\\", "", path)
