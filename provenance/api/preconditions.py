"""Preconditions of writes (RFC 9110): a write names the version that it changes."""

import re
from dataclasses import asdict
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer

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


class NamedByIfMatch:
    """The part of a view that writes to the version of a record that is named alone."""

    def as_named(self, key):
        """The record, locked in the version that If-Match names; Refused if it is not.

        Only then it is looked at what is asked: a later version may allow other things.
        """
        record = self.locked(**key)
        named = versions_named(self.request.headers)
        if record.version not in named:
            raise self.overtaken(record, named)
        return record

    def overtaken(self, record, named):
        """The refusal of a write to another version than the one that is current."""
        body = JSONRenderer().render(self.shown(self.fresh(record)))
        return Refused(
            OVERTAKEN % {"version": record.version},
            status=412,
            headers={"ETag": entity_tag(record.version, body)},
            current_version=record.version,
            changes=[asdict(each) for each in self.written_since(record, named)],
        )
