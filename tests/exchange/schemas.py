"""What the answers of the Reconciliation Service API 0.2 must look like.

Written out from the text of the specification, https://reconciliation-api.github.io/
specs/0.2/, whose own JSON schemas say the same.
"""

from jsonschema import Draft202012Validator

TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
WHOLE = {"type": "integer"}
ADDRESS = {"type": "string", "pattern": "^https?://"}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}


def an_object(needed=(), closed=True, **members):
    """An object of these members, of which some must be there."""
    return {
        "type": "object",
        "properties": members,
        "required": list(needed),
        "additionalProperties": not closed,
    }


def a_list(of, **bounds):
    """A list of such items."""
    return {"type": "array", "items": of, **bounds}


def a_map(of):
    """An object of such values, by whatever keys."""
    return {"type": "object", "additionalProperties": of}


TYPE = an_object(("id", "name"), id=TEXT, name=TEXT)
PROPERTY = an_object(("id", "name"), id=TEXT, name=TEXT, description=TEXT)
SERVICE = an_object(
    ("service_url", "service_path"), service_url=ADDRESS, service_path=TEXT
)
MANIFEST = an_object(
    ("versions", "name", "identifierSpace", "schemaSpace", "defaultTypes"),
    versions=a_list(TEXT, contains={"const": "0.2"}),
    name=TEXT,
    identifierSpace=ADDRESS,
    schemaSpace=ADDRESS,
    documentation=ADDRESS,
    defaultTypes=a_list(TYPE, uniqueItems=True),
    batchSize=WHOLE,
    view=an_object(("url",), url=TEMPLATE),
    preview=an_object(
        ("url", "width", "height"), url=TEMPLATE, width=WHOLE, height=WHOLE
    ),
    suggest=an_object(entity=SERVICE, property=SERVICE, type=SERVICE),
    extend=an_object(propose_properties=SERVICE, property_settings=a_list({})),
)
RESULTS = a_map(
    an_object(
        ("result",),
        result=a_list(
            an_object(
                ("id", "name", "score"),
                id=TEXT,
                name=TEXT,
                description=TEXT,
                score=NUMBER,
                features=a_list(
                    an_object(("id", "value"), id=TEXT, value={"anyOf": [FLAG, NUMBER]})
                ),
                match=FLAG,
                type=a_list(TYPE),
            )
        ),
    )
)
SUGGESTED_RECORDS = an_object(
    ("result",),
    result=a_list(
        an_object(
            ("id", "name"), id=TEXT, name=TEXT, description=TEXT, notable=a_list(TYPE)
        )
    ),
)
SUGGESTED_TYPES = an_object(("result",), result=a_list(TYPE))
SUGGESTED_PROPERTIES = an_object(("result",), result=a_list(PROPERTY))
PROPOSED = an_object(
    ("properties", "type"), properties=a_list(PROPERTY), type=TEXT, limit=WHOLE
)
VALUE = {
    "oneOf": [
        an_object(("id", "name"), id=TEXT, name=TEXT, description=TEXT),
        an_object(("str",), str=TEXT),
        an_object(("float",), float=NUMBER),
        an_object(("int",), int=WHOLE),
    ]
}
EXTENDED = an_object(
    ("meta", "rows"), meta=a_list(PROPERTY), rows=a_map(a_map(a_list(VALUE)))
)


def checked(answer, schema):
    """What an answer says, once it is found to be as the schema has it."""
    assert answer.status_code == 200, answer.content
    body = answer.json()
    Draft202012Validator.check_schema(schema)
    faults = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
    assert not faults, faults
    return body
