"""What a newcomer is asked of the record is found from the front page, in few steps.

A step is a link by what it is called, a search, or a form that is filled in. Nobody
needs an address, a slug or a word that stands on none of the pages.
"""

import html
import re
from urllib.parse import urlencode, urljoin

import pytest

from tests.depth import cases
from tests.project.test_questions import read_as

pytestmark = pytest.mark.usefixtures("record")

MOST_STEPS = 4
LINK = re.compile(r'(?s)<a [^>]*?href="([^"#]+)"[^>]*>(.*?)</a>')
FORM = re.compile(r"(?s)<form [^>]*>(.*?)</form>")
FIELD = re.compile(r'<(?:input|select)[^>]*? name="(\w+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def link(text):
    """Follows the first link that is called so, or has that in its name."""
    return lambda reader: reader.follow(text)


def search(words):
    """Types words into the search box above every page."""
    return lambda reader: reader.open(f"/search/?{urlencode({'q': words})}")


def form(**values):
    """Fills in the form that has these fields, and sends it."""
    return lambda reader: reader.send(values)


# Each question: the way to its answer, and what is to be read there.
ASKED = {
    "Who headed the ministry of defense of Mexico on 16 April 2025?": (
        [
            search("Secretariat of National Defense"),
            link("Secretariat of National Defense"),
            form(as_of="2025-04-16"),
        ],
        ["Ricardo Trevilla Trejo"],
    ),
    "Who commanded U.S. Northern Command in August 2009?": (
        [link("Agencies"), link("U.S. Northern Command"), form(as_of="2009-08")],
        ["Gene Renuart"],
    ),
    "Which offices changed hands between October 2009 and April 2025?": (
        [link("What changed between"), form(**{"from": "2009-10", "to": "2025-04"})],
        ["Secretary of National Defense", "Secretary of the Navy"],
    ),
    "What does the ministry call itself?": (
        [search("DEFENSA"), link("Secretariat of National Defense")],
        ["DEFENSA", "SEDENA"],
    ),
    "Who took part in the roundtable, in which capacities?": (
        [search("roundtable november 2024"), link("TCFR roundtable")],
        ["Michael Burgoyne", "Assistant Professor of Practice"],
    ),
    "Where has U.S. Northern Command its area of focus?": (
        [link("Agencies"), link("U.S. Northern Command")],
        ["Area of responsibility", "Canada"],
    ),
    "Whom has General Guillot met, and how often?": (
        [link("Whom did Gregory M. Guillot meet")],
        ["Ricardo Trevilla Trejo", "signed 1 agreement, met 2 times"],
    ),
    "Is the undated call one of those of February 2025?": (
        [search("undated call"), link("Call of Guillot with Sandoval")],
        ["possibly the same as"],
    ),
    "What came of the call of February 2025?": (
        [search("call Guillot Trevilla"), link("Video call of Guillot and Trevilla")],
        ["came of this", "Joint Statement of Understanding"],
    ),
    "What does the understanding of 2025 provide for?": (
        [
            search("understanding 2025"),
            link("Video call of Guillot and Trevilla"),
            link("Joint Statement of Understanding"),
        ],
        ["Patrols of both countries, each on its own side"],
    ),
    "With which ministries was an agreement on information signed?": (
        [search("agreement on military information")],
        ["with SEMAR", "with SEDENA"],
    ),
    "What did Mexico get for its deployment?": (
        [search("National Guard border"), link("Mexican National Guard at the border")],
        ["Pause of the threatened tariffs"],
    ),
    "Which events are about coordinated patrols?": (
        [link("Themes"), link("Coordinated patrols")],
        ["Department of Defense makes the border understanding public"],
    ),
    "How many troops did Mexico send to the border?": (
        [link("Metrics"), link("Mexican troops at the border")],
        ["10,000 persons"],
    ),
    "How many did the United States send, and who says so?": (
        [link("Metrics"), link("US troops at the border")],
        ["15,000 persons", "about 10,000 persons"],
    ),
    "By how much did illegal crossings fall?": (
        [search("illegal crossings fall"), link("Change in illegal border crossings")],
        ["-85 percent", "-97 percent"],
    ),
    "How long is the border?": (
        [search("how long is the border")],
        ["3,145 kilometers"],
    ),
    "How many die of an overdose in a year?": (
        [search("overdose deaths")],
        ["more than 100,000 deaths per year"],
    ),
    "In which years does the record have how many events?": (
        [link("Number of events by year")],
        ["2025", "2009"],
    ),
    "What is disputed, and not settled?": (
        [link("All open disputes")],
        ["Joint Statement of Understanding"],
    ),
    "Where do the two articles of 2025 differ?": (
        [
            link("Sources"),
            link("US and Mexico Agree on Coordinated Border Patrols"),
            link("USNORTHCOM commander & Mexican defense leaders"),
        ],
        ["Where they differ"],
    ),
    "What rests on the fact sheet of 2009?": (
        [link("Sources"), link("USNORTHCOM's Interaction with the Mexican Military")],
        ["SEDENA liaison officer at USNORTHCOM"],
    ),
    "Who criticises soldiers in tasks of public security?": (
        [link("Statements"), form(kind="criticism", q="militarization")],
        ["Guadalupe Correa-Cabrera", "tasks of public security"],
    ),
    "What did General Renuart say of trust?": (
        [search("Renuart trust")],
        ["officers of the two militaries now work together in trust"],
    ),
    "What happened between 20 January and the end of February 2025?": (
        [form(**{"from": "2025-01-20", "to": "2025-02-28"})],
        ["Threat of tariffs on Mexican goods", "Pause of the threatened tariffs"],
    ),
    "Which statements were made last?": (
        [link("Statements"), link("When")],
        ["16 April 2025"],
    ),
    "What is said of Hurricane Katrina that no source dates?": (
        [search("Hurricane Katrina"), link("Hurricane Katrina")],
        ["not from the sources"],
    ),
}


class Reader:
    """Somebody who has only what stands on the page before them."""

    def __init__(self, client):
        self.client = client
        self.open("/")

    def open(self, address):
        answer = self.client.get(urljoin(getattr(self, "at", "/"), address))
        assert answer.status_code == 200, address
        self.at, self.page = address, answer.content.decode()

    def follow(self, text):
        called = [
            (read_as("text/html", said), to) for to, said in LINK.findall(self.page)
        ]
        exact = [to for said, to in called if said == text]
        near = [to for said, to in called if text in said]
        assert exact or near, f"{self.at} has no link that is called {text}"
        self.open(html.unescape((exact or near)[0]))

    def send(self, values):
        fitting = [
            each
            for each in FORM.findall(self.page)
            if {*values} <= {*FIELD.findall(each)}
        ]
        assert fitting, f"{self.at} has no form with {', '.join(values)}"
        kept = dict(HIDDEN.findall(fitting[0]))
        self.open(f"{self.at.partition('?')[0]}?{urlencode({**kept, **values})}")


@pytest.mark.parametrize("question", cases(list(ASKED)[::5], list(ASKED)))
def test_is_found_from_the_front_page_in_few_steps(question, client):
    steps, answers = ASKED[question]
    assert len(steps) <= MOST_STEPS
    reader = Reader(client)
    for step in steps:
        step(reader)
    text = read_as("text/html", reader.page)
    for answer in answers:
        assert answer in text, reader.at
