"""What ``ask`` knows of the user's own system."""

import pytest

from assistant.cli_ask import own_answers
from assistant.store.database import open_database
from assistant.store.systems import SystemStore
from assistant.types import AssistantError


def test_a_system_of_the_register_is_asked_about(demo):
    store = SystemStore(open_database(demo.settings.effective_database_url))
    system = store.create({"questionnaire": "test", "facts": {"demo.has_lamp": True}}, name="Lamp")
    assert own_answers(None, system.id, demo).facts == {"demo.has_lamp": True}
    store.delete(system.id)
    with pytest.raises(AssistantError, match="There is no system"):
        own_answers(None, system.id, demo)


def test_a_file_and_a_system_at_once_are_refused(demo, tmp_path):
    with pytest.raises(AssistantError, match="either --answers FILE or --system ID"):
        own_answers(tmp_path / "a.yaml", "abc", demo)
    assert own_answers(None, None, demo) is None
