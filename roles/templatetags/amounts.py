"""Amounts in words: `{{ dollars|in_dollars }}`, `{{ months|in_years }}`."""

from django import template

from roles.guides.amounts import in_dollars, in_years

register = template.Library()

register.filter("in_dollars", in_dollars)
register.filter("in_years", in_years)
