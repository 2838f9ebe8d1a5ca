"""Tables that programs send, and what is answered to them."""

from urllib.parse import urlencode

from tests.writing import refused

ALIKE = ("type", "title", "status")  # of every problem of one status
IMPORTS = "/api/v1/imports/"
PLACES = "slug,status,name,kind\r\n"
NOGALES = PLACES + "nogales,draft,Nogales,city\r\n"


def send(client, body, table="places", content_type="text/csv", headers=None, **asked):
    """What is answered to a table."""
    data = body if isinstance(body, bytes) else body.encode()
    asked = {"table": table, **asked} if table else asked
    at = f"{IMPORTS}?{urlencode(asked)}"
    return client.generic("POST", at, data, content_type, headers=headers)


def problem(answer, status):
    """The members of a problem that differ, once it is one of this status."""
    body = refused(answer, status)
    return {name: body[name] for name in body if name not in ALIKE}


def fault(message, line=None, column=None, value="", code="invalid"):
    """One thing wrong in a file, as the answer has it."""
    said = {"line": line, "column": column, "value": value}
    return {**said, "code": code, "message": message}
