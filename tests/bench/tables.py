"""Tables of any size, such as a curator may import, that say the same every time."""

import csv
import random

OFFICIALS = 2_000


def write(folder, name, header, rows):
    with open(folder / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def write_base(folder):
    """What the large tables refer to."""
    write(folder, "sources", "slug,status,title,kind", [_source(n) for n in range(50)])
    write(folder, "metrics", "slug,status,name,unit,kind", map(_metric, range(10)))
    write(folder, "places", "slug,status,name,kind", map(_place, range(21)))
    write(folder, "agencies", "slug,status,name,kind", map(_agency, range(20)))
    write(folder, "officials", "slug,status,name", map(_official, range(OFFICIALS)))
    cited = [*(("agency", f"agency-{n}") for n in range(20))]
    cited += [("official", f"official-{n}") for n in range(OFFICIALS)]
    write(
        folder,
        "citations",
        "type,record,field,source,locator",
        [(kind, slug, "", "source-0", "") for kind, slug in cited],
    )


def _source(n):
    return f"source-{n}", "published", f"Source {n}", "news-article"


def _metric(n):
    return f"metric-{n}", "draft", f"Metric {n}", "persons", "level"


def _place(n):
    return f"place-{n}", "draft", f"Sector {n}", "sector"


def _agency(n):
    return f"agency-{n}", "published", f"Agency {n}", "ministry"


def _official(n):
    return f"official-{n}", "published", f"Maria Perez {n} Lopez"


def write_measured(folder, number):
    """Observations: drafts, as figures are before somebody has looked at them."""
    chance, rows = random.Random(1), []
    for n in range(number):
        month = f"{1975 + n // 252 // 12 % 50}-{n // 21 % 12 + 1:02}"
        rows.append(
            (
                *(f"observation-{n}", "draft", f"metric-{n % 10}"),
                *(chance.randint(0, 99_999), month, month, f"place-{n % 21}"),
                *(f"group {n // 210}", f"agency-{n % 20}", "actual"),
                "as first reported" if n % 10 == 0 else "",
            )
        )
    header = (
        "slug,status,metric,value,start,end,place,population,reported_by,modality,"
        "public_note"
    )
    write(folder, "observations", header, rows)


def write_happened(folder, number):
    """Meetings: published, each with three participations and a citation."""
    chance = random.Random(2)
    meetings, participations, citations = [], [], []
    for n in range(number):
        day = f"{1980 + n % 40}-{n % 12 + 1:02}-{n % 28 + 1:02}"
        slug, format_ = f"meeting-{n}", ("call", "visit", "workshop")[n % 3]
        meetings.append((slug, "published", f"Talks on matter {n}", day, format_))
        for place, official in enumerate(chance.sample(range(OFFICIALS), 2)):
            role = ("host", "participant")[place]
            participations.append((slug, f"official-{official}", "", role))
        participations.append((slug, "", f"agency-{n % 20}", "participant"))
        citations.append(("meeting", slug, "", f"source-{n % 50}", f"para. {n % 9}"))
    write(folder, "meetings", "slug,status,title,start,format", meetings)
    write(folder, "participations", "event,official,agency,role", participations)
    write(folder, "citations", "type,record,field,source,locator", citations)
