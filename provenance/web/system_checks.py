"""System checks of the settings, run before the site starts."""

from django.conf import settings
from django.core.checks import Error


def imports_are_guarded(app_configs, **kwargs):
    """Refuses settings under which anybody could import, or only half a file would."""
    errors = []
    for code in ("IMPORT", "EXPORT"):
        name = f"IMPORT_EXPORT_{code}_PERMISSION_CODE"
        if not getattr(settings, name, None):
            errors.append(
                Error(
                    f"{name} is not set, so every member of staff may {code.lower()}.",
                    hint=f'Set {name} to the permission needed, such as "change".',
                    id="provenance.E001",
                )
            )
    if not getattr(settings, "IMPORT_EXPORT_USE_TRANSACTIONS", True):
        errors.append(
            Error(
                "IMPORT_EXPORT_USE_TRANSACTIONS is off: a failed import would leave "
                "half of its rows.",
                hint="Remove the setting or set it to True.",
                id="provenance.E002",
            )
        )
    return errors
