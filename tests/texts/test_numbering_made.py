"""Tables of numbering are made from texts, over their versions, and written so that they read back."""

import yaml

from assistant.law.numbering import Numbering
from assistant.texts.model import Line, OfficialText
from assistant.texts.numbering import table_of, write_tables, written

OLD = OfficialText((Line("art_1.par_1", "a"), Line("art_1.par_2", "b"), Line("art_1.par_3", "c"), Line("art_2", "d")))
NEW = OfficialText((Line("art_1.par_1", "a"), Line("art_1.par_1a.point_a", "x"), Line("art_1.par_3", "c"), Line("art_2", "d")))


def test_inserted_numbers_stand_in_their_place_and_deleted_ones_stay():
    table = table_of("eu.demo", [OLD, NEW], whole=True)
    assert table.children("art_1") == ("par_1", "par_1a", "par_2", "par_3")
    assert table.children("art_1.par_1a") == ("point_a",)
    assert table.whole


def test_a_text_without_numbers_makes_no_table():
    assert table_of("eu.demo", [OfficialText((Line("", "words"), Line("glossary", "words")))], whole=True) is None


def test_a_written_table_reads_back_and_holds_no_words_of_the_text():
    table = table_of("eu.demo", [OfficialText((Line("art_1.par_1", "Whoever sails"), Line("art_1.par_2", "b")))], whole=False)
    text = written(table, ["eu.demo@1.en"])
    assert Numbering.model_validate(yaml.safe_load(text)) == table
    assert "sails" not in text


class _Library:
    """A library in which only some texts are installed."""

    def __init__(self, knowledge, installed):
        self.knowledge, self._installed = knowledge, installed

    def record(self, identity):
        return self._installed.get(identity)

    def text(self, identity):
        return self._installed[identity]


def test_a_table_is_written_only_where_every_version_is_installed_and_only_when_it_changed(small, tmp_path):
    assert write_tables(_Library(small, {"eu.demo@first.en": OLD}), tmp_path) == []
    whole = _Library(small, {"eu.demo@first.en": OLD, "eu.demo@second.en": NEW})
    assert write_tables(whole, tmp_path) == [tmp_path / "eu.demo.yaml"]
    assert write_tables(whole, tmp_path) == []
