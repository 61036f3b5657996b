"""Systems taken in from a file: together or not at all, and never over what was changed meanwhile."""

from datetime import UTC, date, datetime

import pytest

from assistant.store.comments import CommentStore
from assistant.store.duties import DutyStore
from assistant.store.exchange import ExchangeStore, Incoming, IncomingComment, IncomingDuty
from assistant.store.rows import ConflictError, NotFoundError
from assistant.store.systems import SystemStore

AT = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
ANSWERS = {"questionnaire": "1", "facts": {"lamp": True}, "notes": {"lamp": "seen"}}
DUTY = IncomingDuty("EU-01", "doing", "", "Ken", date(2026, 12, 24), "ordered")


class Stores:
    def __init__(self, engine):
        self.systems, self.duties, self.comments = SystemStore(engine), DutyStore(engine), CommentStore(engine)
        self.exchange = ExchangeStore(engine)

    def told(self, identity):
        return [(one.kind, one.detail, one.actor) for one in reversed(self.systems.history(identity))]


@pytest.fixture
def stores(engine):
    return Stores(engine)


def incoming(identity="a" * 12, **values):
    given = {"name": "Lamp", "owner": "Marine", "answers": ANSWERS, "state": "approved", "reviewer": "Aiko"}
    return Incoming(identity, **{**given, **values})


def test_a_new_system_comes_in_with_all_that_hangs_on_it(stores):
    remark = IncomingComment("EU-01", "Aiko", "Look again", AT)
    stores.exchange.take_in([incoming(duties=(DUTY,), comments=(remark,))], actor="Mori")
    one = stores.systems.get("a" * 12)
    assert (one.name, one.state, one.reviewer, one.answers, one.version) == ("Lamp", "approved", "Aiko", ANSWERS, 1)
    assert stores.duties.all(one.id)["EU-01"].due == date(2026, 12, 24)
    (comment,) = stores.comments.all(one.id)
    assert (comment.actor, comment.text, comment.at) == ("Aiko", "Look again", AT)
    assert [(kind, actor) for kind, _, actor in stores.told(one.id)] == [
        ("imported", "Mori"), ("duty", "Mori"), ("comment", "Mori"),
    ]  # fmt: skip


def test_a_change_is_told_value_by_value_and_ends_the_approval(stores):
    stores.exchange.take_in([incoming()])
    changed = {"questionnaire": "1", "facts": {"lamp": False}}
    stores.exchange.take_in([incoming(answers=changed, owner="Team", expected=1, duties=(DUTY,))], actor="Mori")
    one = stores.systems.get("a" * 12)
    assert (one.answers, one.owner, one.state, one.reviewer, one.version) == (changed, "Team", "draft", None, 2)
    assert stores.told(one.id)[1:] == [
        (
            "answered",
            {"facts": {"lamp": [True, False]}, "notes": {"lamp": ["seen", None]}, "state": ["approved", "draft"]},
            "Mori",
        ),
        ("renamed", {"owner": ["Marine", "Team"]}, "Mori"),
        (
            "duty",
            {
                "duty": "EU-01",
                "state": [None, "doing"],
                "person": [None, "Ken"],
                "due": [None, "2026-12-24"],
                "notes": [None, "ordered"],
            },
            "Mori",
        ),
    ]


def test_true_and_one_are_two_answers(stores):
    stores.exchange.take_in([incoming()])
    stores.exchange.take_in([incoming(answers={**ANSWERS, "facts": {"lamp": 1}}, expected=1)])
    assert stores.systems.get("a" * 12).answers["facts"]["lamp"] is not True


def test_work_on_duties_alone_leaves_the_system_as_it_is(stores):
    stores.exchange.take_in([incoming(duties=(DUTY,))])
    later = IncomingDuty("EU-01", "done", "", "Ken", None, "lit", expected=1)
    stores.exchange.take_in([incoming(expected=1, duties=(later,))])
    assert (stores.systems.get("a" * 12).state, stores.systems.get("a" * 12).version) == ("approved", 1)
    assert stores.duties.all("a" * 12)["EU-01"].version == 2


@pytest.mark.parametrize(
    "second",
    [
        incoming(),
        incoming(expected=7),
        incoming(expected=1, duties=(DUTY,)),
        incoming(expected=1, duties=(IncomingDuty("EU-02", "done", "", "", None, "", expected=3),)),
    ],
    ids=["the id is taken", "changed meanwhile", "the duty is tracked by now", "the duty is not tracked any more"],
)
def test_nothing_comes_in_where_one_thing_was_changed_meanwhile(stores, second):
    stores.exchange.take_in([incoming(duties=(DUTY,))])
    with pytest.raises(ConflictError):
        stores.exchange.take_in([incoming("b" * 12), second])
    assert [one.id for one in stores.systems.all()] == ["a" * 12]
    assert stores.systems.get("a" * 12).version == 1


def test_what_was_deleted_meanwhile_is_not_changed(stores):
    stores.exchange.take_in([incoming()])
    stores.systems.delete("a" * 12)
    for one in (incoming(expected=1), incoming()):
        with pytest.raises((NotFoundError, ConflictError)):
            stores.exchange.take_in([one])
