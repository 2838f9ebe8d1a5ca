"""What came of changing the code in small ways, as a page of the docs: `make mutants`.

Mutmut changes a function at one place and runs the tests that reach it: one of them has
to fail. What none notices is listed, with the reason if there is one.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date

from mutmut.mutation.diff_apply import get_diff_for_mutant

from tests import PROJECT

PAGE = PROJECT / "docs" / "mutants.md"
RESULT = re.compile(
    r"^ *(?P<name>(?P<module>[\w.]+)\.xǁ?.*__mutmut_\d+): (?P<became>.+)$"
)
NOTICED = ("killed", "segfault")
NO_END = ("timeout", "suspicious")
UNTRIED = ("not checked", "skipped")
# Columns and constraints are made as models are loaded, before a change is.
LOADED = re.compile(r"\.x_\w*(constraints?|bounds_of)$|ǁ(__init__|deconstruct)$")
TEXT = """# Slips that the tests notice

Measured on {day} by `make mutants`, which wrote this page. The code was changed at one
place, and the tests that reach it were run, {tried:,} times; {noticed:,} times one of
them failed ({share:.1%}). {no_end:,} times they came to no end in the time that they
were given, which counts as neither. {untried:,} changes were not tried, and {loaded:,}
not where they would show: what makes columns and constraints runs before a test does,
and is compared with the migrations instead.

| Module | Tried | Noticed | | No end | Reached by no test that was run | Not tried |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

## Not noticed

{survivors}
"""

# Why a change is none, by what the changed line has.
SAME = {
    r"zip\(.*strict": "what is put together is of one length, so that nothing follows",
    r'"text": text\[:\d+\]': "how much of a text is shown with a fault",
    r"12 // months": "there are two halves and four quarters by this as well",
    r'_\("|gettext|message|params': "the words of a message",
    r"\[\\s.*\\u00": "the same characters, written in another way",
    r"SequenceMatcher": "it is never handed as many words as make a difference",
}


def results():
    """The module, the name and the end of each change."""
    said = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in said.splitlines():
        if found := RESULT.match(line):
            yield found["module"], found["name"], found["became"].strip()


def share(tried, noticed):
    return f"{noticed / tried:.0%}" if tried else ""


def row(module, ends):
    """A line of the table."""
    noticed = sum(ends[end] for end in NOTICED)
    tried = noticed + ends["survived"]
    no_end, untried = (sum(ends[end] for end in of) for of in (NO_END, UNTRIED))
    cells = [f"`{module}`", tried, noticed, share(tried, noticed), no_end]
    return f"| {' | '.join(map(str, [*cells, ends['no tests'], untried]))} |"


def changed(name):
    """The line that was changed, and what it became."""
    lines = get_diff_for_mutant(name).splitlines()[2:]
    return [line[1:].strip() for line in lines if line.startswith(("-", "+"))]


def told(names):
    """What was not noticed of one function, each with the reason if there is one."""
    for name in names:
        lines = changed(name)
        reasons = (why for form, why in SAME.items() if re.search(form, lines[0]))
        why = next(reasons, "")
        yield f"- `{lines[0]}` as `{lines[-1]}`{why and f': {why}'}"


def page(found):
    """The whole page."""
    ends, survivors = defaultdict(Counter), defaultdict(list)
    for module, name, end in found:
        function = name.partition("__mutmut_")[0]
        if LOADED.search(function):
            end = "loaded"
        ends[module][end] += 1
        if end == "survived":
            survivors[function].append(name)
    total = sum(ends.values(), Counter())
    noticed = sum(total[end] for end in NOTICED)
    tried = noticed + total["survived"]
    return TEXT.format(
        day=date.today(),
        tried=tried,
        noticed=noticed,
        share=noticed / max(tried, 1),
        loaded=total["loaded"],
        no_end=sum(total[end] for end in NO_END),
        untried=sum(total[end] for end in UNTRIED),
        rows="\n".join(row(*each) for each in sorted(ends.items())),
        survivors="\n\n".join(
            "\n".join([f"`{function}`:", "", *told(names)])
            for function, names in sorted(survivors.items())
        ),
    )


if __name__ == "__main__":
    PAGE.write_text(page(results()))
