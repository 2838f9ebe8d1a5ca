"""Sessions of those who have signed in: in which browser, from where, since when.

They are Django's in the database, extended as its documentation does
(https://docs.djangoproject.com/en/5.2/topics/http/sessions/#example). Each ends some
time after signing in, whatever is done in it, and earlier if nothing is.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as StoreInDatabase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import cached_property

from ..db.waiting import not_waiting

MOST = 50  # that one user has at a time; signing in once more ends the oldest
LONGEST = 300  # characters of what a browser calls itself
NOTED_EACH = timedelta(minutes=5)  # that somebody is there


class Session(AbstractBaseSession):
    """What a browser has after it was signed in with."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    browser = models.CharField(max_length=LONGEST, blank=True)  # as it calls itself
    address = models.GenericIPAddressField(null=True)
    began = models.DateTimeField()
    seen = models.DateTimeField()

    class Meta(AbstractBaseSession.Meta):
        indexes = [models.Index(fields=["user", "-seen"], name="sessions_of_user")]

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @property
    def name(self):
        """By which a page names it, where its key would let others in."""
        return salted_hmac(__name__, self.session_key).hexdigest()[:16]

    @cached_property
    def data(self):
        return self.get_decoded()


class SessionStore(StoreInDatabase):
    """A session as a request has it."""

    def __init__(self, session_key=None, browser="", address=None):
        self.browser, self.address = browser[:LONGEST], address or None
        self.began = None
        super().__init__(session_key)

    @classmethod
    def get_model_class(cls):
        return Session

    def create(self):
        self.began = None  # of whoever signs in, which is why it gets another key
        super().create()

    def create_model_instance(self, data):
        now = timezone.now()
        self.began = self.began or now
        return Session(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            expire_date=_end(self.began, now),
            user_id=data.get(SESSION_KEY),
            browser=self.browser,
            address=self.address,
            began=self.began,
            seen=now,
        )

    def get_expiry_age(self, **_more):
        """Seconds that the browser keeps it: as if somebody were there all the time."""
        ends = (self.began or timezone.now()) + settings.SESSION_LASTS
        return max(int((ends - timezone.now()).total_seconds()), 0)

    def _get_session_from_db(self):
        if (found := super()._get_session_from_db()) is not None:
            self.began = found.began
            self.browser = self.browser or found.browser
            self.address = self.address or found.address
            if timezone.now() - found.seen > NOTED_EACH:
                self._note_seen()
        return found

    def _note_seen(self):
        """Writes that somebody is there; later, if something else is being written."""
        now = timezone.now()
        told = {"seen": now, "expire_date": _end(self.began, now)}
        told |= {"browser": self.browser, "address": self.address}
        try:
            with not_waiting(), transaction.atomic():
                Session.objects.filter(pk=self.session_key).update(**told)
        except OperationalError:
            return


class Sessions(SessionMiddleware):
    """Gives each request its session, which knows from where it is asked."""

    def process_request(self, request):
        request.session = self.SessionStore(
            request.COOKIES.get(settings.SESSION_COOKIE_NAME),
            browser=request.headers.get("User-Agent", ""),
            address=request.META.get("REMOTE_ADDR"),
        )


def sessions_of(user):
    """Those in which somebody is signed in, the last seen first.

    One that began with another password is none any more.
    """
    now, password = timezone.now(), user.get_session_auth_hash()
    found = Session.objects.filter(user=user, expire_date__gt=now).order_by("-seen")
    return [
        session
        for session in found[: MOST + 1]
        if constant_time_compare(session.data.get(HASH_SESSION_KEY, ""), password)
    ]


def end_sessions(sessions):
    """Signs out who is signed in there."""
    Session.objects.filter(pk__in=[session.pk for session in sessions]).delete()


def watch():
    """Has no user have more sessions than ``MOST`` from now on."""
    user_logged_in.connect(_end_the_oldest)


def _end_the_oldest(sender, user, **_more):
    theirs = Session.objects.filter(user=user).order_by("-seen")
    Session.objects.filter(
        pk__in=list(theirs.values_list("pk", flat=True)[MOST - 1 : 2 * MOST])
    ).delete()


def _end(began, seen):
    return min(began + settings.SESSION_LASTS, seen + settings.SESSION_IDLE)
