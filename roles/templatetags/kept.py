"""`{% kept key … %}…{% endkept %}`: a fragment rendered once for each key, and then kept in this process's memory.

For parts of personal pages that do not depend on the person, such as the row of a goal in one of its four states. The
key must name everything that the fragment shows, so nothing kept can be wrong; only the CSRF token, which is another
one in every request, is put in afterwards. Django's own `{% cache %}` hashes its key and pickles what it keeps, which
takes longer than rendering a short fragment.
"""

from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()

# Fragments that one tag keeps before it begins anew.
MOST = 4096
# Where the token goes. No text of an editor's can hold it: PostgreSQL stores no NUL.
_TOKEN = "\x00token\x00"  # noqa: S105


class KeptNode(Node):
    """Keeps what it renders in itself: a template that is read anew starts without."""

    def __init__(self, key: list[FilterExpression], nodelist: NodeList) -> None:
        self.key = key
        self.nodelist = nodelist
        self.kept: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        key = tuple([each.resolve(context) for each in self.key])
        html = self.kept.get(key)
        if html is None:
            with context.push(csrf_token=_TOKEN):
                html = str(self.nodelist.render(context))
            if len(self.kept) >= MOST:
                self.kept.clear()
            if settings.KEEP_VISITOR_PAGES:
                self.kept[key] = html
        return html.replace(_TOKEN, str(context.get("csrf_token", ""))) if _TOKEN in html else html


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    _, *key = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode([parser.compile_filter(each) for each in key], nodelist)
