"""One assessment in the format asked for."""

from __future__ import annotations

from typing import Literal

from assistant.law.answers import Answers
from assistant.law.knowledge import Knowledge
from assistant.law.report import pdf_document, spreadsheet, word_document
from assistant.law.report.markdown import MarkdownReport
from assistant.law.results import Assessment


def render(
    form: Literal["md", "docx", "pdf", "xlsx", "json"], knowledge: Knowledge, assessment: Assessment, answers: Answers
) -> bytes:
    """Return the report as a file's content.

    Raises:
        AssistantError: the format cannot be made on this platform.
    """
    if form == "json":
        return assessment.model_dump_json(indent=2).encode()
    if form == "xlsx":
        return spreadsheet.write(knowledge, assessment)
    markdown = MarkdownReport(knowledge, assessment, answers).text()
    if form == "docx":
        return word_document.write(knowledge, assessment, markdown)
    if form == "pdf":
        return pdf_document.write(knowledge, assessment, markdown)
    return markdown.encode()
