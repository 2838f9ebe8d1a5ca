"""The content security policy: strict, with the named additions of a few parts."""

from csp.middleware import CSPMiddleware
from django.conf import settings


class ContentSecurityPolicy(CSPMiddleware):
    """Adds what ``CONTENT_SECURITY_POLICY_ADDITIONS`` grants to the part asked for."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        match = request.resolver_match
        if match and parts.update is None:
            for part in (*match.namespaces, match.view_name):
                addition = settings.CONTENT_SECURITY_POLICY_ADDITIONS.get(part)
                if addition:
                    parts.update = addition
        return parts
