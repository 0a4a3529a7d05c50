"""Using a page by keyboard alone, and seeing where one is."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

# More stops than any page has.
ENDLESS = 400

# Where the focus is, and whether it can be seen: WCAG 2.4.7 (there is a ring), 2.4.11 (nothing covers all of it).
_LOOK = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const style = getComputedStyle(at);
  const boxes = [...at.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  const seen = boxes.some((box) => [0.1, 0.5, 0.9].some((x) => [0.15, 0.5, 0.85].some((y) => {
    const met = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return met && (at === met || at.contains(met) || met.contains(at) && met.closest("label"));
  })));
  return {
    name: `${at.localName}#${at.id} “${(at.innerText || at.ariaLabel || at.name || "").trim().slice(0, 60)}”`,
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen,
  };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is after a press of Tab."""

    name: str
    ringed: bool
    seen: bool


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def where(self) -> Stop | None:
        """Where the focus is; None where it is on nothing, as after the last stop of a page."""
        found = self.page.evaluate(_LOOK)
        return Stop(**found) if found else None

    def tab_to(self, control: Locator, *, key: str = "Tab") -> None:
        """Press Tab until the control has the focus, which must be visible there."""
        for _ in range(ENDLESS):
            self.page.keyboard.press(key)
            if control.evaluate("(control) => control === document.activeElement"):
                self.expect_visible()
                return
        raise AssertionError(f"{control} cannot be reached by {key}.")

    def expect_visible(self) -> None:
        stop = self.where()
        assert stop is not None, "The focus is on nothing."
        assert stop.ringed, f"No ring around {stop.name}."
        assert stop.seen, f"{stop.name} is covered or out of sight."

    def stops(self) -> list[Stop]:
        """Every stop of the page from where the focus is to its end."""
        stops = []
        for _ in range(ENDLESS):
            self.page.keyboard.press("Tab")
            stop = self.where()
            if stop is None:
                return stops
            stops.append(stop)
        raise AssertionError("The page has no end: the focus is trapped.")
