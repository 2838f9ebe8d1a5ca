"""What a browser calls itself, in words."""

from functools import lru_cache

from django.utils.translation import gettext as _


@lru_cache(maxsize=1000)
def _parsed(text):
    import ua_parser  # which reads its rules, and is needed by one page

    return ua_parser.parse(text)


def browser_in_words(text):
    """Such as “Firefox 140 on Windows”; what nobody knows is said to be that."""
    found = _parsed(text)
    browser = found.user_agent and _with_version(found.user_agent)
    system = found.os and found.os.family
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown browser")


def _with_version(agent):
    return f"{agent.family} {agent.major}" if agent.major else agent.family
