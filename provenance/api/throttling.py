"""How often strangers may ask the API: as ``API_RATE`` says, else as they like."""

from rest_framework.throttling import AnonRateThrottle

from ..sign_in.client_address import household_of


class Strangers(AnonRateThrottle):
    """Counts the requests without a token, by who asks."""

    def get_ident(self, request):
        return household_of(request.META["REMOTE_ADDR"])

    def throttle_failure(self):
        """Refuses; but counts anew where the clock has jumped back.

        What was counted before would else count until it is as late again.
        """
        if self.history[0] <= self.now:
            return False
        self.history = []
        return self.throttle_success()
