"""Words in groups: which texts show them."""

import pytest

from assistant.law.cues import CueGroups, folded, stands_in


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("fine", "the fine is due", True),
        ("fine", "a finer point", False),
        ("fine*", "a finer point", True),
        ("high risk", "High-Risk systems", True),
        ("50(2)", "Article 50(2) applies", True),
        ("driver's", "the driver’s seat", True),
        ("罰則", "この罰則は", True),
        ("AI法", "EU AI法では", True),
        ("AI法", "AI推進法では", False),
    ],
)
def test_a_cue_stands_in_a_text(cue, text, found):
    assert stands_in(cue, folded(text)) is found


def test_every_group_of_one_language_must_have_a_word():
    groups = CueGroups(en=[["lamp", "light"], ["forty"]], ja=[["灯火"], ["40分"]])
    assert groups.strength("the lamp within forty minutes") == len("lampforty")
    assert groups.strength("灯火は40分以内") == len("灯火40分")
    assert groups.strength("the lamp") == groups.strength("灯火 forty") == 0
    assert CueGroups().strength("anything") == 0
