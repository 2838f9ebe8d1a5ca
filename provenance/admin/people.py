"""The admin of users and groups."""

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401 - is unregistered here
import django_tasks_db.admin  # noqa: F401 - is unregistered here
import knox.admin  # noqa: F401 - as well
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ..sign_in.sessions import sessions_of
from ..values.words import terms_of
from .addresses import address
from .filters import OnlyListedLookups

# A token is made and revoked by `manage.py api_token`: no page ever shows one.
# A second factor is set up by whoever has it: nobody else sees its secret.
admin.site.unregister([User, Group, AuthToken, TOTPDevice, StaticDevice, DBTaskResult])

MAX_SEARCH = 1000  # characters: no name of eight words is longer


def may_more(other, user):
    """Whether somebody may do, once active, what this user may not."""
    if user.is_superuser:
        return False
    given = Permission.objects.filter(Q(user=other) | Q(group__user=other))
    names = given.values_list("content_type__app_label", "codename").order_by()
    theirs = {f"{app}.{codename}" for app, codename in names}
    return other.is_superuser or not theirs <= user.get_all_permissions()


class PeopleAdmin(OnlyListedLookups, ModelAdmin):
    """What the lists of users and of groups share."""

    shelf = "people"
    list_per_page = 50

    def list_address(self):
        return address(self.model, "changelist")

    def get_search_results(self, request, queryset, search_term):
        try:
            terms_of(search_term)
        except ValidationError as error:
            if request.resolver_match.url_name != "autocomplete":
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            return queryset.none(), False
        # Signs that are no letters are no terms, and yet words to Django.
        text = search_term.replace("\x00", " ")[:MAX_SEARCH]
        return super().get_search_results(request, queryset, text)


@admin.register(User)
class UserAdmin(PeopleAdmin, BaseUserAdmin):
    """Who may sign in."""

    icon = "person"
    form = UserChangeForm
    add_form = UserCreationForm
    add_fieldsets = BaseUserAdmin.add_fieldsets  # the theme has none
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request, obj=None):
        above = obj is not None and may_more(obj, request.user)
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        above = obj is not None and may_more(obj, request.user)
        return not above and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return shown
        return [*shown, (_("Sessions"), {"fields": ["sessions"]})]

    @admin.display(description=gettext_lazy("Signed in at present"))
    def sessions(self, user):
        number = len(sessions_of(user))
        told = ngettext("in %d browser", "in %d browsers", number) % number
        address = reverse("admin:sessions_of", args=[user.pk])
        return format_html('<a href="{}" class="underline">{}</a>', address, told)

    def get_readonly_fields(self, request, obj=None):
        fixed = [*super().get_readonly_fields(request, obj), "sessions"]
        if request.user.is_superuser:
            return fixed
        # Nobody gives, to anybody, more than they were given.
        return [*fixed, "is_superuser", "groups", "user_permissions"]


@admin.register(Group)
class GroupAdmin(PeopleAdmin, BaseGroupAdmin):
    """What the members of a group may do."""

    icon = "group"

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, "permissions"]
