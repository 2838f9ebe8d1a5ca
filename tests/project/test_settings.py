"""The ground: settings, headers, the first administrator."""

import base64
import hashlib
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.template.loader import get_template

from provenance.web.system_checks import imports_are_guarded
from tests import PROJECT

VARIABLES = {
    *("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"),
    *("DATABASE_REPLICA_URLS", "REPLICA_LAG"),
    *(
        "API_RATE",
        "METRICS_TOKEN",
        "CACHE_URL",
        "LOG",
        "POOLER",
        "FILES",
        "FILES_OPTIONS",
        "FILES_STORAGE",
        "EMAIL_URL",
        "MAIL_FROM",
        "FOUR_EYES",
        "KEPT_FILES",
        "REQUIRE_2FA",
        "SENTRY_DSN",
        "SESSION_HOURS",
        "SESSION_IDLE_MINUTES",
        "TRUSTED_PROXIES",
        "UPLOAD_MIB",
        "UPLOAD_ROWS",
        "WORKER",
    ),
}

# Set, though empty: what is set wins over a .env that lies here.
NOTHING_SET = {"DEBUG": "", "SECRET_KEY": "", "ALLOWED_HOSTS": ""}
A_PUBLIC_SITE = {
    "DEBUG": "0",
    "SECRET_KEY": "a-long-random-text-that-nobody-else-has-0123456789-abc",
    "ALLOWED_HOSTS": "record.example.org",
}


READ_SETTINGS = "from django.conf import settings; settings.DEBUG"
BEGIN = "import django; django.setup()"


def python(code, **environment):
    """Runs code in a process of its own under this environment, with its settings."""
    return subprocess.run(
        [sys.executable, "-c", f"{READ_SETTINGS}\n{code}"],
        cwd=PROJECT,
        env={
            **os.environ,
            **NOTHING_SET,
            "DJANGO_SETTINGS_MODULE": "bordersec.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "replace-me"}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-development"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    ],
)
def test_it_refuses_to_start_insecurely_and_says_the_remedy(changed, named):
    started = python("", **{**A_PUBLIC_SITE, **changed})
    assert started.returncode != 0
    reason = started.stderr.strip().splitlines()[-1]
    assert re.match(rf".*ImproperlyConfigured: {named} .*Set ", reason)


def test_replicas_are_of_a_postgresql_server():
    replicas = {"DATABASE_REPLICA_URLS": "postgres://a/b postgres://c/d"}
    started = python("", DEBUG="1", DATABASE_URL="sqlite:///:memory:", **replicas)
    assert "DATABASE_REPLICA_URLS names replicas of a PostgreSQL" in started.stderr
    shown = "print([each['HOST'] for each in settings.REPLICAS], settings.REPLICA_LAG)"
    started = python(shown, DEBUG="1", DATABASE_URL="postgres://a,c/b", **replicas)
    assert started.stdout == "['a', 'c'] 5\n"


def test_it_starts_as_a_public_site_with_secure_cookies_and_redirects():
    started = python(
        f"{BEGIN}\ns = settings\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS >= 31536000, s.DEBUG)",
        **A_PUBLIC_SITE,
    )
    assert started.stdout.split() == ["True"] * 4 + ["False"], started.stderr


def test_it_starts_from_nothing_but_debug():
    assert python(BEGIN, DEBUG="1").returncode == 0


def test_the_sample_environment_names_each_variable_and_no_other():
    sample = (PROJECT / ".env.example").read_text()
    assert set(re.findall(r"^#? ?([A-Z0-9_]+)=", sample, re.MULTILINE)) == VARIABLES
    source = (PROJECT / "bordersec" / "settings.py").read_text()
    read = re.findall(r"""env(?:\.\w+)?\(\s*["'](\w+)["']""", source)
    assert set(read) == VARIABLES


def test_sqlite_waits_for_writers_and_keeps_what_it_committed(tmp_path):
    folder = tmp_path / "a folder + more"
    folder.mkdir()
    asked = python(
        "from django.db import connection, transaction\n"
        "cursor = connection.cursor()\n"
        "for name in ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'):\n"
        "    print(cursor.execute('PRAGMA ' + name).fetchone()[0])\n"
        "print(connection.transaction_mode)",
        DEBUG="1",
        DATABASE_URL=f"sqlite:///{str(folder).replace('+', '%2B')}/record.sqlite3",
    )
    full = "2"
    assert asked.stdout.split() == ["wal", full, "1", "20000", "IMMEDIATE"], (
        asked.stderr
    )
    assert (folder / "record.sqlite3").exists()


def test_postgresql_keeps_a_pool_of_connections_and_takes_options_from_the_url():
    asked = python(
        "database = settings.DATABASES['default']\n"
        "print(database['HOST'], database['NAME'], database['CONN_MAX_AGE'],"
        " database['OPTIONS']['pool']['min_size'], database['OPTIONS']['sslmode'])\n"
        "print(database['OPTIONS']['options'])",
        DEBUG="1",
        DATABASE_URL="postgres://somebody@//a/socket/record"
        "?sslmode=require&options=-c%20statement_timeout=5s",
    )
    assert asked.stdout.splitlines() == [
        "/a/socket record 0 1 require",
        "-c jit=off -c random_page_cost=1.1 -c statement_timeout=5s",
    ], asked.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMPORT_EXPORT_IMPORT_PERMISSION_CODE", None),
        ("IMPORT_EXPORT_EXPORT_PERMISSION_CODE", ""),
        ("IMPORT_EXPORT_USE_TRANSACTIONS", False),
    ],
)
def test_it_refuses_settings_that_would_open_the_import(settings, name, value):
    assert imports_are_guarded(None) == []
    setattr(settings, name, value)
    (error,) = imports_are_guarded(None)
    assert name in error.msg
    assert error.hint


def policy(response):
    parts = response["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts)}


def test_every_page_is_strict_and_only_the_admin_may_evaluate(client, db):
    strict = policy(client.get("/no-such-page"))
    assert strict["default-src"] == strict["script-src"] == ["'self'"]
    assert strict["style-src"] == strict["form-action"] == ["'self'"]
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert strict[name] == ["'none'"]

    admin = policy(client.get("/admin/login/"))
    assert admin.pop("script-src") == ["'self'", "'unsafe-eval'"]
    assert admin.pop("style-src") == ["'self'", "'unsafe-inline'"]
    assert admin.items() <= strict.items()
    assert policy(client.get("/no-such-page")) == strict


def test_the_style_block_of_the_documentation_is_the_one_that_is_let_through():
    page = get_template("drf_spectacular/swagger_ui.html").template.source
    (block,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
    granted = settings.CONTENT_SECURITY_POLICY_ADDITIONS["api-docs"]
    assert granted == {"style-src": [f"'sha256-{digest}'"]}


def test_a_page_is_neither_sniffed_nor_framed_nor_named_to_others(client, db):
    page = client.get("/admin/login/")
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_who_guesses_passwords_is_stopped_and_a_colleague_is_not(client, db):
    get_user_model().objects.create_superuser("ana", password="right-password-1")

    def sign_in(password, address):
        return client.post(
            "/admin/login/?next=/admin/",
            {"username": "ana", "password": password},
            REMOTE_ADDR=address,
        ).status_code

    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in("wrong", "192.0.2.1")
    assert sign_in("right-password-1", "192.0.2.1") == 429
    assert sign_in("right-password-1", "192.0.2.2") == 302


def test_the_first_administrator_is_made_once_and_told_the_password(capsys, client, db):
    call_command("first_admin")
    (password,) = re.findall(r"password: (\S+)", capsys.readouterr().out)
    admin = get_user_model().objects.get()
    assert admin.is_superuser
    assert admin.check_password(password)

    call_command("first_admin")
    said = capsys.readouterr().out
    assert "The administrator is admin." in said
    assert password not in said
    assert get_user_model().objects.get().password == admin.password


def test_the_first_administrator_takes_nobody_elses_account(db):
    get_user_model().objects.create_user("admin")
    with pytest.raises(CommandError, match="no administrator"):
        call_command("first_admin")
    assert not get_user_model().objects.get().is_superuser
