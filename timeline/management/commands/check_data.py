"""Check the whole record against the rules of data integrity; change nothing."""

import json
import sys
from collections import Counter
from dataclasses import asdict

from django.core.management.base import CommandError

from provenance.checks import Level
from provenance.management.record_command import RecordCommand
from provenance.values.suggestions import close_to
from timeline.records import RULES

FOUND, MISUSED = 1, 2


class Command(RecordCommand):
    """Prints what breaks a rule; fails if that is an error, or anything if strict."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--rule",
            action="append",
            metavar="NAME",
            help="look at this rule only; may be given more than once",
        )
        parser.add_argument(
            "--strict", action="store_true", help="fail for warnings as well"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="print one JSON document and no text",
        )
        form.add_argument(
            "--list",
            action="store_true",
            dest="only_list",
            help="print the rules and check nothing",
        )

    def handle(self, *args, rule, strict, as_json, only_list, **options):
        rules = _chosen(rule)
        if only_list:
            for one in rules if rule else RULES:
                self.stdout.write(_described(one))
            return
        found = {one: one.findings() for one in rules}
        levels = Counter(
            finding.level for findings in found.values() for finding in findings
        )
        if as_json:
            self._print_json(found, levels)
        else:
            self._print_text(found, levels)
        if levels[Level.ERROR] or (strict and levels[Level.WARNING]):
            sys.exit(FOUND)

    def _print_json(self, found, levels):
        document = {
            "findings": [
                asdict(finding) for findings in found.values() for finding in findings
            ],
            "counts": {
                "levels": {level: levels[level] for level in Level.values},
                "rules": {one.name: len(found[one]) for one in found},
            },
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))

    def _print_text(self, found, levels):
        for one, findings in found.items():
            if findings:
                self.stdout.write(f"{one.name}: {one.meaning}")
                for finding in findings:
                    self.stdout.write(f"  {finding}")
        counts = ", ".join(
            f"{levels[level]} {level}{'s' * (levels[level] != 1)}"
            for level in Level.values
        )
        self.stdout.write(f"{len(found)} rule{'s' * (len(found) != 1)}: {counts}.")


def _chosen(names):
    """The rules of these names, each once; all that need not be asked for if none."""
    known = {one.name: one for one in RULES}
    for name in names or ():
        if name not in known:
            close = close_to(name, known) or "; --list names them all."
            raise CommandError(f"There is no rule “{name}”{close}", returncode=MISUSED)
    if names:
        return [one for one in RULES if one.name in names]
    return [one for one in RULES if not one.on_request]


def _described(one):
    asked = ", only if named" if one.on_request else ""
    return f"{one.name} ({one.level.value}{asked}): {one.meaning}"
