"""Bars are true to their figures, and what they are called stays text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from kefu.ui.charts import HIGH, Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*values: int, label: str = "1 月 2 日") -> list[ET.Element]:
    svg = bars([Bar(label, value) for value in values], about="每天的阅读次数")
    # The page's own parser knows the name space.
    root = ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314
    assert root.get("aria-label") == "每天的阅读次数"
    return root.findall(f"{SVG}rect")


def test_bars_are_as_high_as_their_values_beside_the_highest() -> None:
    heights = [int(one.get("height", "")) for one in drawn(50, 100, 25)]

    assert heights == [50, HIGH, 25]


def test_bars_stand_on_the_ground_beside_each_other() -> None:
    found = drawn(3, 9, 6)

    assert all(int(one.get("y", "")) + int(one.get("height", "")) == HIGH for one in found)
    ends = [int(one.get("x", "")) + int(one.get("width", "")) for one in found]
    begins = [int(one.get("x", "")) for one in found]
    assert all(end < begin for end, begin in zip(ends, begins[1:], strict=False))


def test_little_can_be_seen_and_nothing_cannot() -> None:
    assert [int(one.get("height", "")) for one in drawn(0, 1, 100_000)] == [0, 2, HIGH]


def test_no_figures_at_all_are_an_empty_picture() -> None:
    assert drawn() == []
    assert [int(one.get("height", "")) for one in drawn(0, 0)] == [0, 0]


def test_a_label_stays_text() -> None:
    (found,) = drawn(1, label='<script>"&')

    assert found.findtext(f"{SVG}title") == '<script>"&: 1'
