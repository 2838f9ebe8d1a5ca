"""Who may sign in, and what they may do."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from knox.models import AuthToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from .addresses import address
from .filters import OnlyListedLookups

# A token is made and revoked by `manage.py api_token`: no page ever shows one.
admin.site.unregister([User, Group, AuthToken])


class PeopleAdmin(OnlyListedLookups, ModelAdmin):
    """What the lists of users and of groups share."""

    shelf = "people"
    list_per_page = 50

    def list_address(self):
        return address(self.model, "changelist")


@admin.register(User)
class UserAdmin(PeopleAdmin, BaseUserAdmin):
    """Who may sign in."""

    icon = "person"
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request, obj=None):
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fixed
        # Nobody gives, to anybody, more than they were given.
        return [*fixed, "is_superuser", "groups", "user_permissions"]


@admin.register(Group)
class GroupAdmin(PeopleAdmin, BaseGroupAdmin):
    """What the members of a group may do."""

    icon = "group"
