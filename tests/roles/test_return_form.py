from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from roles.guides.parts.degree import Costs
from roles.guides.return_form import ReturnForm
from roles.guides.return_presets import presets_of
from roles.models import CostItem, DegreeOption, Source, Statistic

ENOUGH = "tuition=48k&months=42&now=82,000&after=$110,000"


def form(query):
    return ReturnForm(QueryDict(query))


def test_nothing_is_filled_in_for_anybody():
    empty = form("")
    assert not empty.asked
    assert empty.result is None
    assert not any(field.value() for field in empty)


def test_what_people_type_comes_to_a_result():
    found = form(ENOUGH + "&aid=10000").result
    assert found.cost == 38_000
    assert found.months_until_even == 59


def test_without_a_needed_figure_there_is_no_result_and_the_gap_is_named():
    found = form("tuition=48k&now=82000")
    assert found.result is None
    assert found.missing == "months of study and pay expected afterwards"
    assert form("months=24").missing == "tuition or total cost, pay now and pay expected afterwards"


def test_what_is_counted_as_zero_is_said():
    assert form(ENOUGH).counted_as_zero == "other costs, aid and employer’s money and income lost a month"
    assert form(ENOUGH + "&other=0&aid=0&lost=0").counted_as_zero == ""
    total = form("total=60000&months=24&now=1&after=2")
    assert "other costs" not in total.counted_as_zero


def test_other_costs_are_added_to_tuition():
    assert form(ENOUGH + "&other=2000").result.figures.costs == 50_000


def test_the_total_stands_for_itself():
    assert form("total=60k&months=24&now=82000&after=110000").result.figures.costs == 60_000


@pytest.mark.parametrize("also", ["tuition=1", "other=1", "tuition=0"])
def test_the_total_is_never_counted_together_with_what_it_contains(also):
    found = form(f"total=60k&{also}&months=24&now=82000&after=110000")
    assert found.result is None
    assert "nothing counts twice" in found.errors["total"][0]


def test_a_loan_needs_rate_and_years():
    assert "years" in form(ENOUGH + "&rate=7").errors
    assert "rate" in form(ENOUGH + "&years=10").errors
    assert form(ENOUGH + "&rate=7&years=10").result.interest > 0


def test_a_fault_is_said_beside_its_field_and_the_text_stays():
    found = form(ENOUGH.replace("48k", "a lot") + "&aid=-5")
    assert found.result is None
    assert found["tuition"].value() == "a lot"
    assert found.errors["tuition"] == ["Write an amount in dollars, such as 35000, 35,000 or 35k."]
    assert found.errors["aid"] == ["It cannot be negative."]
    assert found.missing == ""


@given(st.dictionaries(st.sampled_from([*ReturnForm.base_fields]), st.text(max_size=30)))
def test_no_address_breaks_the_form(data):
    query = QueryDict(mutable=True)
    query.update(data)
    found = ReturnForm(query)
    assert found.result is None or found.result.balances
    assert isinstance(found.missing, str)
    assert str(found)


@given(
    st.fixed_dictionaries(
        {name: st.integers(0, 10_000_000).map(str) for name in ("tuition", "other", "aid", "lost", "now", "after")}
        | {"months": st.integers(1, 120).map(str), "rate": st.integers(0, 40).map(str)}
        | {"years": st.integers(1, 40).map(str)}
    )
)
def test_every_figure_within_the_limits_has_a_result(data):
    query = QueryDict(mutable=True)
    query.update(data)
    assert ReturnForm(query).result is not None


def offered():
    source = Source(code="guide", title="A guide")
    options = [
        DegreeOption(name="Online", tuition_min=35_000, tuition_max=50_000, source=source),
        DegreeOption(name="Full time", months_min=18, months_max=24, source=source),
    ]
    costs = [
        CostItem(name="Total cost", kind="total", amount_min=40_000, amount_max=120_000, source=source),
        CostItem(name="In-state", kind="total", amount_min=40_000, approximate=True, source=source),
        CostItem(name="Books", kind="extra", source=source),
    ]
    pay = {"topic": "pay", "unit": "usd", "source": source}
    figures = [
        Statistic(subject="Checked median", value_low=Decimal(112_590), verification="verified", **pay),
        Statistic(subject="Unsourced median", value_low=Decimal(110_000), verification="unverified", **pay),
        Statistic(subject="A range", value_low=Decimal(1), value_high=Decimal(2), verification="verified", **pay),
    ]
    return {group.title: group for group in presets_of(Costs([("Costs", costs)], options), figures)}


def test_a_preset_of_tuition_takes_the_place_of_a_total():
    online = offered()["Tuition"].presets
    assert [preset.label for preset in online] == ["Online, lower end: $35,000", "Online, upper end: $50,000"]
    assert online[0].changes == {"tuition": "35000", "total": None}


def test_a_preset_of_the_total_takes_the_place_of_tuition_and_other_costs():
    group = offered()["Total cost of attendance"]
    assert [preset.label for preset in group.presets] == ["In-state: about $40,000", "Total cost: $120,000"]
    assert group.presets[0].changes == {"total": "40000", "tuition": None, "other": None}
    assert group.note == "Takes the place of tuition and other costs."


def test_pay_is_offered_only_where_it_could_be_checked():
    assert [preset.label for preset in offered()["Pay expected afterwards"].presets] == ["Checked median: $112,590"]


def test_what_a_preset_fills_in_can_be_read():
    for group in offered().values():
        for preset in group.presets:
            found = form("&".join(f"{name}={value}" for name, value in preset.changes.items() if value))
            assert found.is_valid(), preset
