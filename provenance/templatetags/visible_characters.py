"""Texts as a reader has to see them."""

from django import template

from ..values.text import seen

register = template.Library()
register.filter("seen", seen, is_safe=False)
