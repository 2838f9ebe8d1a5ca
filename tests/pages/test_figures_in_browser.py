"""Drawings in a real browser: laid out and moved by a script, and read without one."""

from itertools import combinations

import pytest

from tests.browsing import NARROW, WIDE, going
from tests.depth import in_depth

pytestmark = in_depth("A browser takes seconds for it.")

NETWORK = "/agencies/usnorthcom/network/"


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def reader(browser, request):
    context = browser.new_context(java_script_enabled=request.param)
    yield context
    context.close()


@pytest.fixture
def scripted(browser):
    context = browser.new_context()
    yield context
    context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_every_node_of_a_network_is_on_the_drawing(site, scripted, size):
    page = going(site, scripted.new_page())(NETWORK, size)
    drawing = page.locator("svg.network").bounding_box()
    nodes = page.locator("[data-node] .node").all()
    assert len(nodes) == 17
    for node in nodes:
        box = node.bounding_box()
        assert drawing["x"] <= box["x"]
        assert box["x"] + box["width"] <= drawing["x"] + drawing["width"]
        assert drawing["y"] <= box["y"]
        assert box["y"] + box["height"] <= drawing["y"] + drawing["height"]
    names = [name.bounding_box() for name in page.locator(".network .name").all()]
    for one, other in combinations(filter(None, names), 2):
        assert (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )
    assert page.complaints == []


def test_lines_go_from_node_to_node_with_a_script_and_without(site, reader):
    page = going(site, reader.new_page())(NETWORK)
    line = page.locator("line[data-from='0'][data-to='1'], line[data-from='1']").first
    ends = [line.get_attribute(f"data-{end}") for end in ("from", "to")]
    for end, number in zip(ends, (1, 2), strict=True):
        node = page.locator(f"[data-node='{end}']")
        for side in ("x", "y"):
            at = float(node.get_attribute(side).rstrip("%"))
            drawn = float(line.get_attribute(f"{side}{number}").rstrip("%"))
            assert drawn == pytest.approx(at, abs=0.01)
    assert page.locator("tbody tr").count() > 16


def test_the_time_of_a_network_is_slid_by_the_keyboard(site, scripted):
    page = going(site, scripted.new_page())(NETWORK)
    before = page.locator("tbody tr").count()
    slider = page.get_by_role("slider", name="From")
    slider.focus()
    with page.expect_navigation():
        page.keyboard.press("End")
    assert "from=20" in page.url
    assert 0 < page.locator("tbody tr").count() < before


def test_a_mark_of_the_map_is_reached_by_the_keyboard(site, reader):
    page = going(site, reader.new_page())("/map/")
    mark = page.locator("svg a", has=page.locator("circle.dot")).first
    mark.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "place=" in page.url
    assert page.locator(".events li").count() > 0


def test_the_outlines_of_the_map_are_drawn(site, reader):
    page = going(site, reader.new_page())("/map/")
    border = page.locator("use.border").bounding_box()
    drawing = page.locator(".map > svg").first.bounding_box()
    assert border["width"] > drawing["width"] / 8
    assert border["height"] > 0
