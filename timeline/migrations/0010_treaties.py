import django.db.models.deletion
from django.db import migrations, models

from provenance.db.added_columns import AddDerivedColumn, AlterText
from provenance.db.together import Together
from provenance.values.added_dates import add_partial_date
from provenance.values.bounds import BoundsConstraint
from provenance.values.dates import PartialDateField
from provenance.values.text import Line, Word

OF_AGREEMENTS = {
    "adopted": "When its text was adopted.",
    "signed": "When it was signed, or opened for signature.",
    "entered_into_force": "When it entered into force, for the first of its parties.",
    "terminated": "When it ended or expired, for all of its parties.",
}
OF_PARTICIPATIONS = {
    "date": (
        "When the party did so, as signed or deposited; empty if it is not known, "
        "or if the dates of the event say it."
    ),
    "effective": (
        "From when it has effect for this party: of a ratification, when the "
        "agreement entered into force for it; of a denunciation, when it left."
    ),
}
STATES = [
    ("proposed", "proposed"),
    ("expected", "expected"),
    ("adopted", "adopted"),
    ("signed", "signed"),
    ("in-force", "in force"),
    ("expired", "expired"),
    ("terminated", "terminated"),
]
ROLES = [
    ("host", "host"),
    ("participant", "participant"),
    ("requester", "requester"),
    ("moderator", "moderator"),
    ("panellist", "panellist"),
    ("signatory", "signatory"),
    ("party", "party"),
    ("force", "force"),
    ("ordering-authority", "ordering authority"),
    ("facilitator", "facilitator"),
    ("observer", "observer"),
    ("definitive-signature", "definitive signature"),
    ("ratification", "ratification"),
    ("acceptance", "acceptance"),
    ("approval", "approval"),
    ("accession", "accession"),
    ("succession", "succession"),
    ("reservation", "reservation"),
    ("declaration", "declaration"),
    ("objection", "objection"),
    ("denunciation", "denunciation"),
    ("withdrawal", "withdrawal"),
]


def with_history(model):
    """A model, and that of its history."""
    return [model, f"historical{model}"]


def partial_dates(model, dates):
    """The steps that add partial dates of these names, with what each means."""
    for name, meaning in dates.items():
        field = PartialDateField(max_length=24, help_text=meaning)
        yield from add_partial_date(model, name, field)


def bounds_in_order(model, names):
    """The steps that refuse bounds of these dates that run backwards."""
    for name in names:
        constraint = BoundsConstraint(
            condition=models.Q(
                (f"{name}_earliest__lte", models.F(f"{name}_latest")),
            ),
            name=f"timeline_{model}_{name}_bounds",
            violation_error_message="The first day it can mean is after the last.",
        )
        yield migrations.AddConstraint(model, constraint)


def depositary(**options):
    return models.ForeignKey(
        "entities.agency",
        blank=True,
        null=True,
        help_text="The body with which the actions of its parties are deposited.",
        **options,
    )


def once(party):
    return models.UniqueConstraint(
        fields=("event", party, "role", "date"),
        condition=models.Q((f"{party}__isnull", False)),
        name=f"timeline_participation_{party}_once",
        violation_error_message=(
            f"This {party} already has this role in it at this date."
        ),
    )


class Migration(migrations.Migration):
    """Parties act on agreements, at dates; titles and missions may be long."""

    dependencies = [
        ("entities", "0007_beginnings_of_words"),
        ("timeline", "0009_metrics_that_add_up"),
    ]

    operations = [
        Together(
            *(
                step
                for model in with_history("agreement")
                for step in partial_dates(model, OF_AGREEMENTS)
            ),
            *(
                step
                for model in with_history("participation")
                for step in partial_dates(model, OF_PARTICIPATIONS)
            ),
            *(
                AddDerivedColumn(
                    model,
                    "registration_number",
                    Line(
                        blank=True,
                        max_length=80,
                        help_text="Its number in a register of treaties, as I-39574.",
                    ),
                )
                for model in with_history("agreement")
            ),
            migrations.AddField(
                "agreement",
                "depositary",
                depositary(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="deposited_agreements",
                ),
            ),
            migrations.AddField(
                "historicalagreement",
                "depositary",
                depositary(
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    related_name="+",
                    db_constraint=False,
                ),
            ),
            *(
                AlterText(
                    model,
                    "state",
                    Word(
                        blank=True,
                        choices=STATES,
                        help_text=(
                            "The state of the agreement, as far as is known; left empty, "
                            "it follows from the dates below."
                        ),
                    ),
                )
                for model in with_history("agreement")
            ),
            *(
                AlterText(
                    model,
                    "title",
                    Line(max_length=1000, help_text="What happened, in a few words."),
                )
                for model in (
                    "event",
                    "historicalagreement",
                    "historicaldeployment",
                    "historicalmeeting",
                    "historicalmilestone",
                )
            ),
            *(
                AlterText(
                    model,
                    "mission",
                    Line(
                        blank=True,
                        max_length=1000,
                        help_text="What they were sent to do.",
                    ),
                )
                for model in with_history("deployment")
            ),
        ),
        *(
            migrations.AlterField(
                model, "role", Word(choices=ROLES, help_text="The role.")
            )
            for model in with_history("participation")
        ),
        *bounds_in_order("agreement", OF_AGREEMENTS),
        *bounds_in_order("participation", OF_PARTICIPATIONS),
        *(
            migrations.RemoveConstraint(
                "participation", f"timeline_participation_{party}_once"
            )
            for party in ("official", "agency")
        ),
        *(
            migrations.AddConstraint("participation", once(party))
            for party in ("official", "agency")
        ),
    ]
