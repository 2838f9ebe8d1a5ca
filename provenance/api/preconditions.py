"""Preconditions of writes (RFC 9110): a write names the version that it changes."""

import re
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from .problems import Refused

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"[ \t,]*{TAG}(?:[ \t]*,[ \t,]*{TAG})*[ \t,]*")
OURS = re.compile(r'"([1-9][0-9]{0,17})(?:-[0-9a-f]+)?"')

NAME_A_VERSION = _(
    "Name the version that you change: read the record, and send its ETag as If-Match."
)
NO_TAGS = _(
    "If-Match is not understood. Send the ETag of the record as it was read, in its "
    'quotation marks: "7-0123456789abcdef", or only "7".'
)
OVERTAKEN = _(
    "This is not the version that If-Match names: the current one is %(version)d. See "
    "what has changed, read the record, and send its ETag with what you still mean."
)
NEW_HAS_NONE = _("What is new has no version yet: leave If-Match out of a POST.")


def entity_tag(version, body):
    """The strong tag of a record as it is shown: its version, and a digest.

    Related records and the rights of who reads shape the body of the same version.
    """
    return f'"{version}-{sha256(body).hexdigest()[:16]}"'


def tagged(response, version):
    """The answer, tagged once it is rendered with the version of the record in it."""

    def tag(rendered):
        rendered["ETag"] = entity_tag(version, rendered.content)

    response.add_post_render_callback(tag)
    return response


def versions_named(headers):
    """The versions that If-Match names; Refused if it names none.

    A weak tag names none (RFC 9110, 13.1.1), and nor does one that is not from here:
    these match nothing. ``*`` asks only that there is a record.
    """
    given = headers.get("If-Match", "").strip(" \t")
    if given in ("", "*"):
        raise Refused(NAME_A_VERSION, status=428)
    if not TAGS.fullmatch(given):
        raise Refused(NO_TAGS)
    tags = re.findall(TAG, given)
    return {int(found[1]) for tag in tags if (found := OURS.fullmatch(tag))}
