"""What can be measured about a page as it stands in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Rules whose verdict depends on colors: all that another theme can break.
COLOR_RULES = ["color-contrast", "link-in-text-block"]

_SHIFT = """() => {
  const place = ({ x, y, width, height }) => `${x},${y} ${width}x${height}`;
  const named = (node) => `${node?.localName ?? node?.nodeName}.${node?.className?.baseVal ?? node?.className}`;
  window.layoutShifts = [];
  new PerformanceObserver((list) => list.getEntries().filter((entry) => !entry.hadRecentInput).forEach((entry) => {
    const moved = entry.sources.map(({ node, previousRect, currentRect }) =>
      `${named(node)} from ${place(previousRect)} to ${place(currentRect)} in ${innerWidth}x${innerHeight}`);
    window.layoutShifts.push({ value: entry.value, moved });
  })).observe({ type: "layout-shift", buffered: true });
}"""

_SIDEWAYS = """(width) => {
  const seen = document.documentElement;
  if (seen.scrollWidth <= Math.min(width, seen.clientWidth)) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > width + 1)
    .map((each) => `${each.localName}.${each.className?.baseVal ?? each.className} at ${width} px`)
    .slice(0, 5);
}"""


@cache
def _axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text()


def axe_findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, one line for each place; `rules` narrows it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())  # not by a script tag: the policy of the page forbids it
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "(only) => axe.run(document, { runOnly: only, resultTypes: ['violations'], preload: false })", only
    )
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def finish_transitions(page: Page) -> None:
    """Let colors that fade into others arrive."""
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")


def watch_layout(page: Page) -> None:
    """Note every layout shift from now on. Before the page is opened."""
    page.add_init_script(f"({_SHIFT})()")


def layout_shift(page: Page) -> tuple[float, list[str]]:
    """The sum of layout shifts since the page was opened, as in Cumulative Layout Shift; and what moved."""
    page.evaluate("() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    shifts = page.evaluate("() => window.layoutShifts")
    return sum(shift["value"] for shift in shifts), [moved for shift in shifts for moved in shift["moved"]]


def sticking_out(page: Page, width: int) -> list[str]:
    """What makes the page wider than the screen, which is `width` pixels wide."""
    return list(page.evaluate(_SIDEWAYS, width))


class Transfer:
    """All bytes that come over the wire while a page is visited."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._finished: list[Request] = []
        page.on("requestfinished", lambda request: self._finished.append(request))

    def ask_for_icons(self) -> None:
        """A browser without a window asks for no icons and no manifest; every other browser does."""
        self._page.evaluate(
            """() => Promise.all([...document.querySelectorAll("link:is([rel~=icon], [rel=manifest])")]
                 .map((link) => fetch(link.href, { cache: "reload" }).then((response) => response.arrayBuffer())))"""
        )

    def sizes(self) -> dict[str, int]:
        """Bytes by address as the server sent them, headers included. What came from the browser's cache has none."""
        sizes: dict[str, int] = {}
        for request in self._finished:
            measured = request.sizes()
            sizes[request.url] = measured["responseBodySize"] + measured["responseHeadersSize"]
        return sizes
