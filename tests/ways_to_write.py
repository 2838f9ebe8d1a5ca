"""Ways in which somebody writes: each is done once, and can be done again after that.

A way that failed with nothing written comes to the same end when it is repeated.
"""

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entities.models import Place
from tests import make
from tests.curating import address, filled, superuser
from tests.importing import NOGALES, PLACES, sealed, upload
from tests.writing import program


class Writers:
    """A browser and a program of two who may write everything, about to do so.

    There is a cited place for them, Nogales.
    """

    def __init__(self):
        make.a_citation(
            make.a_place(slug="nogales", name="Nogales", kind="city"),
            make.a_source(slug="source"),
        )
        User.objects.create_superuser("dora", password="as-it-is")
        self.browser = superuser(Client(raise_request_exception=False))
        self.program = program(User.objects.create_superuser("writer"))
        self.program.handler.raise_request_exception = False
        self.program.raise_request_exception = False
        self.form = filled(self.browser.get(address(Place, "add")), name="Villa")
        self.form["kind"] = "city"
        seen = upload(self.browser, PLACES + "guaymas,draft,Guaymas,city\r\n")
        self.confirmation = seen.context["at"]["confirm"], sealed(seen)
        self.tag = self.program.get("/api/v1/places/nogales/")["ETag"]

    def patch(self):
        return self.program.patch(
            "/api/v1/places/nogales/", {"public_note": "x"}, HTTP_IF_MATCH=self.tag
        )

    def send_a_table(self):
        table = (PLACES + "tucson,draft,Tucson,city\r\n").encode()
        return self.program.generic(
            "POST", "/api/v1/imports/?table=places", table, "text/csv"
        )

    def save_a_form(self):
        return self.browser.post(address(Place, "add"), self.form)

    def confirm_an_import(self):
        return self.browser.post(*self.confirmation)

    def upload(self):
        return self.browser.post(
            address(Place, "import"),
            {"table": "places", "file": as_a_file(PLACES + NOGALES)},
        )

    def sign_in(self):
        known = {"username": "dora", "password": "as-it-is"}
        return Client(raise_request_exception=False).post("/admin/login/", known)


WAYS = {
    "a program": Writers.patch,
    "a form": Writers.save_a_form,
    "a table from a program": Writers.send_a_table,
    "an import that is confirmed": Writers.confirm_an_import,
    "an upload": Writers.upload,
    "somebody who signs in": Writers.sign_in,
}


def as_a_file(text):
    """A file of a form."""
    return SimpleUploadedFile("places.csv", text.encode(), "text/csv")
