"""What is read over HTTP."""

ROOT = "http://testserver/api/v1/"


def slugs(answer):
    assert answer.status_code == 200, answer.json()
    return [record["slug"] for record in answer.json()["results"]]


def ask(api, collection, **query):
    """The slugs of the records that a collection answers with, in its order."""
    query = {name.removesuffix("_"): value for name, value in query.items()}
    return slugs(api.get(f"/api/v1/{collection}/", query))
