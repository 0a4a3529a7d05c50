"""The form of the return calculator, read from the address. Nothing in it has a value that the visitor did not give."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms

from roles.guides import amounts
from roles.guides.degree_return import Figures, Return
from roles.words import listed

MOST_MONTHS = 120
MOST_RATE = 40
MOST_LOAN_YEARS = 40


_GROUPS = (
    ("What the degree costs", ("tuition", "other", "total", "aid")),
    ("Your time", ("months", "lost")),
    ("Your pay", ("now", "after")),
    ("A loan", ("rate", "years")),
)


class AmountField(forms.Field):
    """Text that a reader of `amounts` understands."""

    def __init__(self, label: str, read: Callable[[str], Any], *, help_text: str = "", unit: str = "$") -> None:
        self.read = read
        self.unit = unit
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label=label, required=False, widget=widget, help_text=help_text)

    def to_python(self, value: Any) -> Any:
        if value is None or not value.strip():
            return None
        try:
            return self.read(value)
        except amounts.UnreadableError as error:
            raise forms.ValidationError(str(error)) from error


class ReturnForm(forms.Form):
    """What the visitor knows about a degree and their pay."""

    tuition = AmountField("Tuition and fees", amounts.dollars, help_text="For the whole program.")
    other = AmountField("Other costs", amounts.dollars, help_text="Books, computer, travel, bridging courses.")
    total = AmountField(
        "Or total cost of attendance", amounts.dollars, help_text="In place of the two before, which it contains."
    )
    aid = AmountField("Aid and employer’s money", amounts.dollars, help_text="What you do not pay back.")
    months = AmountField(
        "Months of study", lambda text: amounts.months(text, most=MOST_MONTHS), help_text="From first to last term.",
        unit="",
    )  # fmt: skip
    lost = AmountField(
        "Income lost a month", amounts.dollars, help_text="What you earn less while you study; 0 if you keep your job."
    )
    now = AmountField("Pay now, a year", amounts.dollars, help_text="Before tax.")
    after = AmountField("Pay expected afterwards, a year", amounts.dollars, help_text="Before tax, in today’s money.")
    rate = AmountField(
        "Loan rate, percent a year", lambda text: amounts.percent(text, most=MOST_RATE),
        help_text="Only if you borrow.", unit="%",
    )  # fmt: skip
    years = AmountField(
        "Years to pay it back", lambda text: amounts.years(text, most=MOST_LOAN_YEARS), help_text="Only if you borrow.",
        unit="",
    )  # fmt: skip

    # Without these there is no result; what else is not given counts as 0.
    _NEEDED = ("months", "now", "after")
    _ZERO_IF_EMPTY = ("other", "aid", "lost")

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="return-%s", use_required_attribute=False)
        for name, field in self.fields.items():
            # One place for hint and fault, which stays while they change under the visitor's typing.
            field.widget.attrs["aria-describedby"] = f"return-{name}-notes"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = [name for name in ("tuition", "other") if cleaned.get(name) is not None]
        if cleaned.get("total") is not None and parts:
            self.add_error(
                "total", "It contains tuition and other costs. Clear one or the other: nothing counts twice."
            )
        if cleaned.get("rate") is not None and cleaned.get("years") is None and "years" not in self.errors:
            self.add_error("years", "Give the years too, or clear the rate.")
        if cleaned.get("years") is not None and cleaned.get("rate") is None and "rate" not in self.errors:
            self.add_error("rate", "Give the rate too, or clear the years.")
        return cleaned

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under the headings of the form."""
        return [(label, [self[name] for name in names]) for label, names in _GROUPS]

    @property
    def asked(self) -> bool:
        """Whether the address gives any figure at all."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def missing(self) -> str:
        """What is still needed, in words, or “”; faulty fields are said beside them instead."""
        costs_known = {"tuition", "total"} & self.errors.keys() or self._costs is not None
        lacking = [] if costs_known else ["tuition or total cost"]
        lacking += [
            str(self.fields[name].label).split(",")[0].lower()
            for name in self._NEEDED
            if name not in self.errors and self.cleaned_data.get(name) is None
        ]
        return listed(lacking)

    @property
    def counted_as_zero(self) -> str:
        """The fields that the result takes for 0 because nothing stands in them, in words."""
        if not self.is_valid():
            return ""
        names = [name for name in self._ZERO_IF_EMPTY if self.cleaned_data[name] is None]
        if self.cleaned_data.get("total") is not None:
            names.remove("other")
        return listed([str(self.fields[name].label).lower() for name in names])

    @cached_property
    def result(self) -> Return | None:
        """What the figures come to, once there are enough and all make sense."""
        if not self.is_valid() or self.missing:
            return None
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return Return(
            Figures(
                costs=self._costs or Decimal(0),
                months=given["months"],
                pay_now=given["now"],
                pay_after=given["after"],
                aid=given.get("aid", Decimal(0)),
                lost_a_month=given.get("lost", Decimal(0)),
                rate=given.get("rate", Decimal(0)),
                loan_years=given.get("years", 0),
            )
        )

    @property
    def _costs(self) -> Decimal | None:
        total, tuition = self.cleaned_data.get("total"), self.cleaned_data.get("tuition")
        if total is not None or tuition is None:
            return total
        return Decimal(tuition + (self.cleaned_data.get("other") or 0))
