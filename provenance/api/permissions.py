"""Who may do what over the API."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class WritersMayWrite(BasePermission):
    """Anybody may read; writing needs a token, and the permission for that model."""

    def has_permission(self, request, view):
        reads = request.method in SAFE_METHODS
        if reads or not hasattr(view, request.method.lower()):
            return True  # what the view does not do at all is 405, whoever asks
        return request.user.is_authenticated and view.may_write(request)
