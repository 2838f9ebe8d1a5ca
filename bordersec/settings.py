"""The one settings file: the environment (or ``.env``) is the only switch."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# What the environment decides -----------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
DATABASES = {
    "default": env.db(
        "DATABASE_URL", default=f"sqlite:///{quote(str(BASE_DIR / 'db.sqlite3'))}"
    )
}

# Servers that repeat what that one writes, and how many seconds they may be behind.
REPLICAS = [
    env.db_url_config(url)
    for url in env.str("DATABASE_REPLICA_URLS", default="").split()
]
REPLICA_LAG = env.int("REPLICA_LAG", default=5)

# Where files are kept that take long to make; they can be deleted at any time.
KEPT_FILES = Path(env.str("KEPT_FILES", default="") or BASE_DIR / "kept")
FILES = Path(env.str("FILES", default="") or BASE_DIR / "files")

# Whether a worker (manage.py db_worker) does long imports outside of requests.
WORKER = env.bool("WORKER", default=False)

# The largest file that is taken, and how many rows one may have.
UPLOAD_MIB = env.int("UPLOAD_MIB", default=20)
UPLOAD_ROWS = env.int("UPLOAD_ROWS", default=100_000)

# How many proxies of ours a request passes, each of which appends to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Where it is counted how often somebody asks: without it, by each process for itself.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Whether staff have to sign in with a second factor.
REQUIRE_2FA = env.bool("REQUIRE_2FA", default=False)

# Whether somebody else than its author has to publish a record.
FOUR_EYES = env.bool("FOUR_EYES", default=False)

SAMPLE_SECRET_KEY = "replace-me"  # noqa: S105  what .env.example holds

if DEBUG:
    SECRET_KEY = SECRET_KEY or "only-for-development"
else:
    if SECRET_KEY in {"", SAMPLE_SECRET_KEY, "only-for-development"}:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or is the sample one. Set it to a long random text "
            "in the environment or in .env, or set DEBUG=1 to try the site on your own "
            "machine. `make run` writes a .env that does."
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is empty. Set it to the names under which the site is "
            "reached, such as ALLOWED_HOSTS=record.example.org, or set DEBUG=1 to try "
            "the site on your own machine."
        )

# Databases ------------------------------------------------------------------

_database = DATABASES["default"]
if REPLICAS and any(
    not each["ENGINE"].endswith("postgresql") for each in (_database, *REPLICAS)
):
    raise ImproperlyConfigured(
        "DATABASE_REPLICA_URLS names replicas of a PostgreSQL server. Let it and "
        "DATABASE_URL begin with postgres://, or leave it out."
    )
if REPLICA_LAG < 1:
    raise ImproperlyConfigured(
        f"REPLICA_LAG is a number of seconds, 1 or more, and not {REPLICA_LAG}."
    )
_database["ATOMIC_REQUESTS"] = False  # a read must never take SQLite's write lock
if _database["ENGINE"].endswith("sqlite3"):
    # To open the file and read its schema takes longer than most answers. The server
    # for development has a thread for each request, which would leave it open.
    _database["CONN_MAX_AGE"] = 0 if DEBUG else 60
    _database["OPTIONS"] = {
        # Take the write lock at the start of a transaction and wait for it: a later
        # upgrade fails at once with "database is locked", whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode = WAL;"  # readers do not wait for a writer
            "PRAGMA synchronous = FULL;"  # a commit survives a power cut
            "PRAGMA foreign_keys = ON;"
            "PRAGMA mmap_size = 134217728;"
            "PRAGMA cache_size = -32000;"
            "PRAGMA journal_size_limit = 27103364;"
            "PRAGMA temp_store = MEMORY;"
        ),
        **_database.get("OPTIONS", {}),
    }
elif _database["ENGINE"].endswith("postgresql"):
    for _replica in REPLICAS:
        _replica["ENGINE"] = "provenance.db.replica"  # which gives up one that hangs
    for _server in (_database, *REPLICAS):
        _options = _server.setdefault("OPTIONS", {})
        if REPLICAS:
            # Each process keeps a connection to each, and soon gives up one that is
            # gone, for which a pool would wait: seconds to connect, and milliseconds
            # until what was sent has arrived.
            _server |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
            _options |= {"connect_timeout": 2, "tcp_user_timeout": 5_000} | _options
        if env.bool("POOLER", default=False):
            # PgBouncer hands a connection to another after each transaction: what would
            # outlive one does not, and it takes no options (the role of the site has
            # them).
            _server["DISABLE_SERVER_SIDE_CURSORS"] = True
            continue
        # A list that the database writes as JSON has hundreds of expressions.
        # Compiling takes up to seconds, each time, and all the rest milliseconds.
        # And a row anywhere costs hardly more than the next one, on what is no turning
        # disk: else some hundred rows are found by reading all of a table.
        _planned = "-c jit=off -c random_page_cost=1.1"
        _options["options"] = f"{_planned} {_options.get('options', '')}".strip()
        if not REPLICAS:
            # A pool opens a connection once instead of once a request. It refuses
            # CONN_MAX_AGE, so that is 0.
            _server["CONN_MAX_AGE"] = 0
            _options.setdefault("pool", {"min_size": 1, "max_size": 8, "timeout": 10})

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the site is made of ---------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # before the admin whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "provenance.apps.CuratorsAdminConfig",  # django.contrib.admin with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "import_export",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "django_tasks",
    "django_tasks_db",
    "provenance",
    "entities",
    "timeline",
    "simple_history",  # behind the app that replaces its commands that prune history
    "django.forms",  # whose templates of inputs are looked into last
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MIDDLEWARE = [
    "provenance.web.health.Health",  # asked by no name, and over no TLS
    "provenance.sign_in.client_address.ClientAddress",  # before all who read it
    "provenance.web.monitoring.Monitoring",  # asked by no name either
    "provenance.web.request_log.RequestLog",  # around all that takes time
    "provenance.web.cross_origin.PublicReads",  # before it, for it answers itself
    "provenance.web.replica_reads.ReplicaReads",  # before all that asks the database
    "provenance.history.editions.Unchanged",  # before all that a 304 does without
    "provenance.web.csp.ContentSecurityPolicy",  # outermost: every answer carries it
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "provenance.sign_in.sessions.Sessions",
    "provenance.web.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "provenance.sign_in.audit.FilesTaken",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "provenance.web.refusals.DatabaseRefusals",
    "axes.middleware.AxesMiddleware",  # last: it answers for a login view
]

ROOT_URLCONF = "bordersec.urls"
WSGI_APPLICATION = "bordersec.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Instead of those of the admin's theme, which is looked into before our apps.
        "DIRS": [BASE_DIR / "provenance" / "overrides"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Inputs are drawn by the same templates, of which ours come first.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Mail ---------------------------------------------------------------------------

# Off, unless a server is named.
EMAIL_HOST = ""
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or "bordersec@localhost"

# Language and time ----------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "bordersec" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not DEBUG
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
USE_TZ = True
TIME_ZONE = "UTC"

# Static files ---------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": env.str(
            "FILES_STORAGE", default="django.core.files.storage.FileSystemStorage"
        ),
        "OPTIONS": env.json("FILES_OPTIONS", default={"location": str(FILES)}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Who may come in ------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
    "django_otp_webauthn.backends.WebAuthnBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
# A session ends so long after signing in, whatever is done in it, and so long after the
# last thing that was. What is being typed then is kept, and comes back into the form.
SESSION_ENGINE = "provenance.sign_in.sessions"
SESSION_LASTS = timedelta(hours=env.int("SESSION_HOURS", default=12))
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=120))
SESSION_COOKIE_AGE = int(SESSION_LASTS.total_seconds())
CSRF_FAILURE_VIEW = "provenance.admin.interrupted.refuse_forged"
LOGIN_REDIRECT_URL = "admin:index"

# Guessing is slowed down for one name from one client, so that nobody can lock out a
# colleague. Failures are forgotten after the cool-off.
AXES_HANDLER = "provenance.sign_in.guessing.Guessing"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(days=1)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address", "user_agent"]]
AXES_LOCKOUT_CALLABLE = "provenance.admin.signing_in.told_to_wait"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "_typed", "next"]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # `manage.py axes_reset` lets somebody in again

OTP_TOTP_ISSUER = "bordersec"  # what an app calls the codes
OTP_WEBAUTHN_RP_NAME = "bordersec"
OTP_WEBAUTHN_RP_ID_CALLABLE = "provenance.sign_in.passkeys.name_of_site"
OTP_WEBAUTHN_HELPER_CLASS = "provenance.sign_in.passkeys.OfThisSite"
OTP_WEBAUTHN_ALLOWED_ORIGINS = ["https://localhost"]  # not used: the helper says which

# What the browser is told ---------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
    }
}
# What a part of the site needs beyond that, by URL namespace or view name. The
# admin theme is built on a library that evaluates its attributes as expressions;
# the page of the API's documentation has one style block, known by its digest.
CONTENT_SECURITY_POLICY_ADDITIONS = {
    "admin": {"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]},
    "api-docs": {
        "style-src": ["'sha256-MMpT0iDxyjALd9PdfepImGX3DBfJPXZ4IlDWdPAgtn0='"]
    },
}

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if not DEBUG:
    # Behind a proxy that ends TLS, gunicorn reads X-Forwarded-Proto from the hosts
    # in its --forwarded-allow-ips, so no header is trusted here.
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# A page of rows beneath a form has more fields than the default allows. More would take
# a stranger's form longer than a second to be refused.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# No upload is ever written to a temporary file by Django.
FILE_UPLOAD_HANDLERS = ["provenance.web.upload_handler.InMemory"]

# Import and export ----------------------------------------------------------

# Left unset, both answer "yes" to everybody who may see the list.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# Changes and history ---------------------------------------------------------

# What can refuse a change as a whole, which a preview of it asks as well.
CHECKING_A_CHANGE = [
    "provenance.review.publishing.check",
    "timeline.breakdown.check",
]
# What is done with a change as a whole before it is committed, in this order.
CLOSING_A_CHANGE = [
    "provenance.history.versions.count_writes",
    *CHECKING_A_CHANGE,
    "provenance.evidence.disputes.refresh",
    "entities.disputes.refresh",
    "timeline.disputes.refresh",
    "timeline.attendance.refresh",
    "provenance.evidence.attestation.refresh",
    "provenance.db.planning.count_now_and_then",
    "provenance.history.editions.begin",  # last: it asks what all of them touched
]

# A reason may name a file and a person; 100 characters would be too few.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = False  # rows are found by their records and changes

# API ------------------------------------------------------------------------

API_RATE = env.str("API_RATE", default="")
if API_RATE and not re.fullmatch(r"[1-9][0-9]*/(s|sec|min|hour|day)", API_RATE):
    raise ImproperlyConfigured(
        f"API_RATE is a number in a time, as 60/min or 5000/day, and not {API_RATE!r}."
    )

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["provenance.api.json_queries.FragmentRenderer"],
    "DEFAULT_PARSER_CLASSES": ["provenance.api.parsing.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["provenance.api.authentication.Tokens"],
    "DEFAULT_PERMISSION_CLASSES": ["provenance.api.permissions.WritersMayWrite"],
    "DEFAULT_THROTTLE_CLASSES": ["provenance.api.throttling.Strangers"],
    "DEFAULT_THROTTLE_RATES": {"anon": API_RATE or None},
    "DEFAULT_METADATA_CLASS": None,  # it would list what may not be seen
    "DEFAULT_SCHEMA_CLASS": "provenance.api.schema.Described",
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "provenance.api.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

REST_KNOX = {
    # Only a digest is stored; a token has 64 random hexadecimal characters.
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "AUTH_TOKEN_CHARACTER_LENGTH": 64,
    "TOKEN_TTL": timedelta(days=90),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "bordersec",
    "DESCRIPTION": _(
        "Who held which office, who met whom, what was agreed, which "
        "forces went where and what was measured in United States and "
        "Mexico border-security cooperation: and, for each value, its "
        "sources."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,  # relations are read and written differently
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["provenance.api.schema.with_slash"],
    "POSTPROCESSING_HOOKS": ["provenance.api.schema.finish"],
    # Everything comes from this site: no CDN, no outside validator.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# Admin ----------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "bordersec",
    "SITE_HEADER": "bordersec",
    "SITE_SUBHEADER": _("The curated record"),
    "SHOW_LANGUAGES": True,
    "SITE_SYMBOL": "timeline",
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("provenance/icon.svg"),
        }
    ],
    "STYLES": [
        lambda request: static("provenance/colors.css"),
        lambda request: static("provenance/drawings.css"),
        lambda request: static("provenance/disputes.css"),
        *(
            lambda request, name=name: static(f"provenance/admin/{name}.css")
            for name in (
                "base",
                "lists",
                "importing",
                "evidence",
                "history",
                "desk",
                "forms",
                "bulk_edit",
                "entering",
                "teamwork",
                "saved_views",
            )
        ),
    ],
    "SCRIPTS": [
        lambda request: static("provenance/desk.js"),
        lambda request: static("provenance/typed.js"),
        lambda request: static("provenance/field_evidence.js"),
        lambda request: static("provenance/choices.js"),
        lambda request: static("provenance/panel.js"),
    ],
    "ACCOUNT": {
        "navigation": [
            {
                "title": _("Two-factor authentication"),
                "link": reverse_lazy("admin:second_factor"),
            },
            {"title": _("Sessions"), "link": reverse_lazy("admin:sessions")},
        ]
    },
    "SIDEBAR": {"show_search": True, "command_search": True},
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(54.6% .245 262.881)",
            "700": "oklch(48.8% .243 264.376)",
            "800": "oklch(42.4% .199 265.638)",
            "900": "oklch(37.9% .146 265.522)",
            "950": "oklch(28.2% .091 267.935)",
        }
    },
}

# Log ------------------------------------------------------------------------

LOG = env.str("LOG", default="") or "line"
if LOG not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG is json, or not set, and not {LOG!r}.")

# Where faults are told to; nobody is told anything without it.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# What is told of the site beside what it answers, each by a function without arguments.
MONITORED = [
    "provenance.web.health.numbers",
    "provenance.web.health.numbers_of_replicas",
    "provenance.evidence.disputes.numbers",
    "provenance.backups.making.numbers",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime} {levelname} {name} {message} {request}",
            "style": "{",
        },
    },
    "filters": {"request": {"()": "provenance.web.request_log.OfRequest"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG,
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # A server such as gunicorn has a line for each request of its own.
    "loggers": {
        "bordersec": {"level": "INFO" if LOG == "json" else "WARNING"},
        "bordersec.audit": {"level": "INFO"},
    },
}
