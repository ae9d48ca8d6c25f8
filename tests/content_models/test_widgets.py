"""What staff type into a title is one line, which they see in full."""

from __future__ import annotations

from content_models.widgets import WrappingTextInput


def test_a_line_break_that_is_pasted_into_a_title_is_a_space():
    data = {"title": "Low back pain:\r\n  rest\nor movement? "}

    read = WrappingTextInput().value_from_datadict(data, {}, "title")

    assert read == "Low back pain: rest or movement?"


def test_a_title_wraps_and_runs_as_its_script_does():
    html = WrappingTextInput().render("title", "لماذا تؤلمني ركبتي")

    assert html.startswith("<textarea")
    assert 'dir="auto"' in html
