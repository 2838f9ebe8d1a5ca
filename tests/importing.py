"""What tests of importing in the admin share: a file, a look at it, a confirmation."""

from django.core.files.uploadedfile import SimpleUploadedFile

from entities.models import Place
from provenance.imports.uploads import preview, receive
from provenance.resources.importing import finish
from tests.curating import address

PLACES = "slug,status,name,kind\r\n"
NOGALES = "nogales,draft,Nogales,city\r\n"


def sent(client, text, model=Place, table="places", name="places.csv", **asked):
    """The answer to a form that was sent with a file."""
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, data, "text/csv")
    form = {"table": table, "file": file, **asked}
    return client.post(address(model, "import"), form)


def upload(client, text, *args, **asked):
    """The page that an upload leads to; that of the form if it is refused."""
    answer = sent(client, text, *args, **asked)
    return client.get(answer.url) if answer.status_code == 303 else answer


def confirm(client, page):
    """What follows on the button of a preview."""
    return client.post(page.context["at"]["confirm"], sealed(page), follow=True)


def sealed(page):
    """What the form of a confirmation sends."""
    return {"seal": page.context["upload"].seal}


def imported(client, text, *args, **asked):
    """The report of an import that was looked at and confirmed."""
    return confirm(client, upload(client, text, *args, **asked))


def an_upload(user, table="places", text="slug\r\n"):
    """An upload of somebody that was looked at and waits."""
    kept = receive(user, table, f"{table}.csv", text.encode())
    finish(preview(kept))
    return kept


def counts(page):
    """How many rows of each kind a page shows; kinds without any are left out."""
    return {
        kind: number
        for kind, number in page.context["report"]["counts"].items()
        if number
    }


def faults(page):
    """Everything that a page finds wrong with a file, with the place before it."""
    if report := page.context.get("report"):
        return [
            f"{fault['line']}, {fault['column']}: {fault['message']}"
            for fault in report["faults"]
        ]
    return list(page.context["form"].errors.get("file", []))


def at(page, name):
    """An address of the upload that a page is about."""
    return page.context["at"][name]


def buttons(page):
    """What the buttons of the page of an upload lead to."""
    shown = page.content.decode()
    return {name for name, link in page.context["at"].items() if f'"{link}"' in shown}
