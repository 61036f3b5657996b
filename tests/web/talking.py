"""The chat page as a test uses it: a question is asked and what the page shows in the end is returned."""

from assistant.types import Language
from assistant.web.ask_page import AskPage
from assistant.web.desk import Desk
from assistant.web.i18n import texts
from assistant.web.talk import Talk


class Chat:
    """One chat page over a desk of its own, or over that of another page."""

    def __init__(self, assistant, language=Language.EN, other=None):
        self.desk = other.desk if other else Desk.open(assistant)
        self.talk = other.talk if other else Talk(self.desk)
        self.t = texts(language)
        self.page = AskPage(self.desk, self.talk, self.t)
        self.conversation, self.system, self.begun = "", "", {}

    def ask(self, words, typed=None):
        """Return what the page shows step by step."""
        self.begun = self.page.begin(words, words if typed is None else typed, self.conversation, self.system)
        self.conversation = self.begun.get("conversation", self.conversation)
        return [self.begun, *self.page.follow(self.conversation)]

    def said(self, words):
        """Return the last message after a question was answered."""
        return self.contents(self.ask(words))[-1]

    @staticmethod
    def contents(steps):
        """Return the last message at each step."""
        return [messages[-1]["content"] for one in steps if (messages := shown_messages(one))]

    @property
    def answers(self):
        return [one.answer for one in self.talk.record(self.conversation).said]

    @property
    def last(self):
        return self.talk.record(self.conversation).last


def shown_messages(shown):
    """Return the messages of a step of the page."""
    chat = shown.get("chat", [])
    return chat["value"] if isinstance(chat, dict) else chat
