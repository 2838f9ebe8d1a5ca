"""How often strangers may ask the API: as ``API_RATE`` says, else as they like."""

from rest_framework.throttling import AnonRateThrottle

from ..sign_in.client_address import household_of


class Strangers(AnonRateThrottle):
    """Counts the requests without a token, by who asks."""

    def get_ident(self, request):
        return household_of(request.META["REMOTE_ADDR"])
