"""In which browsers somebody is signed in, and how that is ended."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..sign_in.audit import note_done
from ..sign_in.browsers import browser_in_words
from ..sign_in.sessions import end_sessions, sessions_of

LARGEST_KEY = 2**63 - 1


class SessionPages:
    """The part of the site on which sessions are seen and ended."""

    def session_urls(self):
        mine, theirs = self.admin_view(self.sessions), self.admin_view(self.sessions_of)
        return [
            path("sessions/", mine, name="sessions"),
            path("sessions/<int:user_id>/", theirs, name="sessions_of"),
        ]

    def sessions(self, request):
        """One's own."""
        return self._sessions(request, request.user)

    def sessions_of(self, request, user_id):
        """Those of somebody else, for who may change that user."""
        admin = self.get_model_admin(User)
        if not admin.has_change_permission(request):
            raise PermissionDenied
        user = User.objects.filter(pk=min(user_id, LARGEST_KEY)).first()
        if user is None:
            raise Http404
        if not admin.has_change_permission(request, user):
            raise PermissionDenied
        return self._sessions(request, user)

    def _sessions(self, request, user):
        found = sessions_of(user)
        if request.method == "POST":
            return self._end(request, user, found)
        is_own = user == request.user
        context = {
            **self.each_context(request),
            "title": _("Sessions") if is_own else _("Sessions of %s") % user,
            "is_own": is_own,
            "sessions": [
                {
                    "session": session,
                    "browser": browser_in_words(session.browser),
                    "is_this": session.pk == request.session.session_key,
                }
                for session in found
            ],
        }
        return TemplateResponse(request, "provenance/sessions.html", context)

    def _end(self, request, user, found):
        """Ends the one that was chosen, or all."""
        chosen = request.POST.get("session", "")
        ended = [one for one in found if chosen in ("all", one.name)]
        is_this = any(one.pk == request.session.session_key for one in ended)
        end_sessions(ended)
        note_done(request, f"ended {len(ended)} sessions of", str(user))
        if is_this:
            request.session.flush()
            return HttpResponseRedirect(reverse("admin:login"))
        said = ngettext("%d session was ended.", "%d sessions were ended.", len(ended))
        messages.success(request, said % len(ended))
        return HttpResponseRedirect(request.path)
