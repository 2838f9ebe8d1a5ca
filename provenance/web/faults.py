"""Faults of the site, told to Sentry or to what speaks its protocol.

Nothing is sent unless ``SENTRY_DSN`` names where to, and then where in the code a fault
was and at which address: no person, no query, header, body or value.
"""

from django.core.exceptions import ImproperlyConfigured

TOLD_OF_AN_EVENT = {
    *("event_id", "timestamp", "level", "platform", "release", "environment", "sdk"),
    *("exception", "logger", "transaction", "transaction_info"),
}


def report_to(address, **more):
    """Has each fault told from now on; raises ImproperlyConfigured without the SDK."""
    try:
        import sentry_sdk  # which few need
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is not installed: "
            "pip install -r requirements-sentry.txt, or leave SENTRY_DSN out."
        ) from None
    sentry_sdk.init(
        dsn=address,
        before_send=without_persons,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        server_name="",
        **more,
    )


def without_persons(event, _hint=None):
    """What is told of a fault: what is named here, and nothing else."""
    told = {name: event[name] for name in TOLD_OF_AN_EVENT if name in event}
    asked = event.get("request", {})
    told["request"] = {
        "method": asked.get("method", ""),
        "url": asked.get("url", "").partition("?")[0],
    }
    for fault in told.get("exception", {}).get("values", ()):
        fault.pop("value", None)  # a message may hold what somebody typed
    return told
