"""What holds for the code base as a whole: no door is missing, no word is untrue."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import NoReverseMatch, reverse

from entities.models import Agency, Official
from provenance.models import Citation, Dispute, Record, SavedMapping, Source
from provenance.tracking.tracked import Tracked
from tests import PROJECT, make
from timeline.dataset.dictionary import data_dictionary
from timeline.models import (
    Agreement,
    Event,
    ObservationCode,
    Participation,
    Theme,
)
from timeline.records import CITED, COMPARED, RECORDS, TABLES

OURS = ("provenance", "entities", "timeline")
# Packages, and commands that only refuse what those of the same name would do.
NOT_FOR_USERS = {"__init__", "clean_old_history", "clean_duplicate_history"}
README = (PROJECT / "README.md").read_text(encoding="utf-8")
SOURCES = {
    path.relative_to(PROJECT): path.read_text(encoding="utf-8")
    for app in (*OURS, "bordersec")
    for path in (PROJECT / app).rglob("*.py")
    if "migrations" not in path.parts
}


def concrete(base):
    return [
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, base)
    ]


def columns_of(model):
    """The fields of a model that somebody writes."""
    return {
        field.name
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.editable
        and not field.primary_key
        and not getattr(field.remote_field, "parent_link", False)
    }


# What stands in columns of which there is one for each dimension on record.
BY_DIMENSION = {"codes"}
# Words of a lower storey that are also the name of a kind of record further up.
HOMONYMS = {
    "code": "what tells an error from others, or a second factor",
    "codes": "several of them",
    "agreement": "how a statement stands to what is recorded",
    "official": "a sort of name, beside the acronym",
    "place": "a place in a text or in a file",
    "places": "several of them",
    "post": "a method of HTTP",
    "statement": "what a source states in a citation",
    "statements": "several of them",
}


@pytest.mark.parametrize("app", ["provenance", "entities"])
def test_a_lower_storey_names_no_kind_of_record_of_a_higher_one(app):
    above = OURS[OURS.index(app) + 1 :]
    kinds = [model for model in concrete(Record) if model._meta.app_label in above]
    names = {model.__name__ for model in kinds}
    words = {word for kind in kinds for word in (kind.type_name(), kind.collection)}
    words -= HOMONYMS.keys()
    for path, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)) if path.parts[0] == app else ():
            if isinstance(node, ast.Name | ast.Attribute):
                named = node.id if isinstance(node, ast.Name) else node.attr
                assert named not in names, f"{path}:{node.lineno}"
            if isinstance(node, ast.Constant):
                assert node.value not in words, f"{path}:{node.lineno}"


def test_every_record_type_is_declared_as_one():
    assert set(concrete(Record)) == {*RECORDS, Event}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
class TestEveryRecordType:
    def test_has_an_admin(self, model):
        assert admin.site.is_registered(model)

    def test_has_a_table_with_every_column_that_somebody_writes(self, model):
        resource = TABLES[model.collection]
        assert resource._meta.model is model
        assert set(resource.fields) == columns_of(model) - BY_DIMENSION

    def test_has_a_route(self, model):
        assert reverse(f"{model.collection}-list") == f"/api/v1/{model.collection}/"

    def test_has_a_test_that_makes_one(self, model):
        (maker,) = (
            name
            for name, function in inspect.getmembers(make, inspect.isfunction)
            if f"_made({model.__name__},"
            in "".join(inspect.getsource(function).split())
        )
        tests = (PROJECT / "tests").rglob("test_*.py")
        assert any(f"make.{maker}(" in path.read_text("utf-8") for path in tests)

    def test_stands_in_the_readme(self, model):
        assert f"`{model.collection}`" in README

    def test_can_be_cited_in_each_field_that_it_says(self, model):
        if model is Source:
            return
        assert issubclass(model._meta.get_field("citations").related_model, Citation)
        assert model.citable
        for name in model.citable:
            assert name in model.lists or model._meta.get_field(name)


@pytest.mark.parametrize("model", concrete(Tracked), ids=lambda model: model.__name__)
class TestEveryTable:
    def test_says_what_one_row_is(self, model):
        assert model.__doc__
        assert not model.__doc__.startswith(f"{model.__name__}(")
        assert model.__doc__.splitlines()[0].endswith((".", ":"))

    def test_explains_every_field_that_somebody_reads(self, model):
        unexplained = [
            field.name
            for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
            if not field.help_text
            and not field.primary_key
            and field.name not in ("id", "event_ptr")
        ]
        assert not unexplained

    def test_keeps_its_history(self, model):
        kinds = [kind for kind in RECORDS if issubclass(kind, Event)]
        for kept_by in kinds if model is Event else [model]:
            assert kept_by.history.model._meta.app_label == model._meta.app_label

    def test_has_a_natural_order_and_a_plural_that_is_a_word(self, model):
        assert model._meta.ordering
        plural = str(model._meta.verbose_name_plural)
        assert not re.search(r"(?:[^aeiou]ys|ss)$", plural), plural

    def test_points_at_others_by_real_foreign_keys(self, model):
        assert not [
            field
            for field in model._meta.private_fields
            if type(field).__name__ == "GenericForeignKey"
        ]

    def test_has_a_table_of_its_own_or_a_column_in_one(self, model):
        tables = {resource._meta.model for resource in TABLES.values()}
        lists = {
            field.django_field.remote_field.through
            for resource in TABLES.values()
            for field in resource.fields.values()
            if hasattr(field, "django_field") and field.is_list
        }
        cited = {kind._meta.get_field("citations").related_model for kind in CITED}
        # Other disputes are settled at citations: nobody writes anything of them.
        settled = {kind.dispute_model() for kind in COMPARED}
        derived = set(Dispute.__subclasses__()) - settled
        # Mappings are a tool, and no part of the record.
        tools = {SavedMapping}
        by_dimension = {ObservationCode}  # a column for each dimension on record
        known = tables | lists | cited | settled | derived | tools | by_dimension
        assert model in known | {Event}


def test_what_is_cited_or_referred_to_is_protected():
    for model in concrete(Tracked):
        for field in model._meta.concrete_fields:
            relation = field.remote_field
            if not relation or relation.parent_link:
                continue
            if relation.on_delete is models.CASCADE:
                owners = {Source, Agency, Official, Theme, Event, Agreement, *CITED}
                owners.add(Participation)  # itself a part of an event
                assert field.related_model in owners, field
                assert field.name in (
                    *("record", "source", "event", "agency", "official", "agreement"),
                    *("metric", "observation", "theme", "participation", "statement"),
                ), field
            else:
                assert relation.on_delete is models.PROTECT, field


def test_every_collection_has_an_address():
    for name in ("citations", "timeline", "search"):
        assert reverse(f"{name}-list") == f"/api/v1/{name}/"
    with pytest.raises(NoReverseMatch):
        reverse("redirects-list")


def test_the_data_dictionary_is_the_one_that_the_models_give():
    page = (PROJECT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == data_dictionary()


def test_every_setting_of_the_environment_stands_in_the_readme():
    settings = SOURCES[Path("bordersec/settings.py")]
    names = re.findall(r"""env(?:\.\w+)?\(\s*["'](\w+)["']""", settings)
    assert "SECRET_KEY" in names
    for name in names:
        assert re.search(rf"^\| `{name}` \|", README, re.MULTILINE), name


def test_every_command_stands_in_the_readme():
    commands = {path.stem for path in SOURCES if path.parent.name == "commands"}
    assert commands > NOT_FOR_USERS
    for command in commands - NOT_FOR_USERS:
        assert f"manage.py {command}" in README, command


def test_every_module_and_every_class_says_what_it_is():
    silent = []
    for path, source in SOURCES.items():
        tree = ast.parse(source)
        if source.strip() and not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not ast.get_docstring(node):
                silent.append(f"{path}: {node.name}")
    assert not silent


def test_no_door_takes_all_fields_and_none_catches_everything():
    for path, source in SOURCES.items():
        assert not re.search(r"fields = [\"']__all__", source), path
        broad = r"except\s*:|except\s+\(?\s*(?:Base)?Exception\b"
        assert not re.search(broad, source), path


def test_what_the_site_shows_is_marked_safe_by_nobody():
    for path, source in SOURCES.items():
        assert "mark_safe" not in source, path
        assert "RawSQL" not in source, path


def test_the_text_of_the_project_names_no_machine():
    listed = [path for path in PROJECT.glob("*") if path.is_file()]
    listed += [*PROJECT.glob("docs/**/*.md"), *PROJECT.glob("fixtures/*.csv")]
    for path in [*listed, *(PROJECT / path for path in SOURCES)]:
        if path.suffix in (".sqlite3", ".png") or path.name.startswith("db."):
            continue
        if path.name == ".git":  # of a worktree
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(?:work|root|home|tmp)/", text), path
