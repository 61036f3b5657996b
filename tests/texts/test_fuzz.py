"""Every parser survives whatever it is given: a text or a clear refusal, never a crash, never a hang."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import CONSOLIDATED, LAW, OFFICIAL_JOURNAL, STATUTE
from test_pdf import _page, make_pdf

from assistant.law.text_source import SectionHeading
from assistant.texts import consolidated, japanese_law, official_journal, pdf, plain, sections, statute_markdown, user_documents
from assistant.texts.model import OfficialText, UnreadableTextError
from assistant.texts.pdf import Limits

pytestmark = pytest.mark.long
SEEDS = {
    official_journal.read: OFFICIAL_JOURNAL.encode(),
    consolidated.read: CONSOLIDATED.encode(),
    japanese_law.read: LAW.encode(),
    statute_markdown.read: STATUTE.encode(),
    plain.read: b"1-1 Title\n\nWords (1) of it.\n\f2\n",
}
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6)
MANY = settings(max_examples=250, deadline=timedelta(seconds=5), suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=40, deadline=timedelta(seconds=30), suppress_health_check=list(HealthCheck))


def _edited(seed, edits):
    """The seed with some stretches replaced by other bytes."""
    for place, length, other in edits:
        start = int(place * len(seed))
        seed = seed[:start] + other + seed[start + length :]
    return seed


def _survives(read, data):
    try:
        text = read(data)
    except UnreadableTextError:
        return None
    assert isinstance(text, OfficialText)
    assert all(isinstance(line.text, str) and "\n" not in line.text for line in text.lines)
    text.counts()
    return text


@pytest.mark.parametrize("read", SEEDS, ids=lambda read: read.__module__.rpartition(".")[2])
@MANY
@given(edits=EDITS)
def test_spoilt_files_are_read_or_refused(read, edits):
    _survives(read, _edited(SEEDS[read], edits))


@pytest.mark.parametrize("read", SEEDS, ids=lambda read: read.__module__.rpartition(".")[2])
@MANY
@given(data=st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(read, data):
    _survives(read, data)


@MANY
@given(rows=st.lists(st.text(max_size=80), max_size=30))
def test_sections_keep_every_paragraph(rows):
    """Placing moves paragraphs to units and titles to headings; it loses and doubles nothing."""
    headings = [SectionHeading(pattern=r"^\((\d+)\)\s*", unit="point_{1}", running=True)]
    text = _survives(lambda data: plain.read(data, headings), "\n\n".join(rows).encode("utf-8", "replace"))
    if text is not None:
        placed = sections.place(text, headings)
        assert [f"{line.marker} {line.text}".split() for line in placed.lines] == [line.text.split() for line in text.lines] or [
            "".join(f"{line.marker}{line.text}".split()) for line in placed.lines
        ] == ["".join(line.text.split()) for line in text.lines]


@FEW
@given(edits=EDITS)
def test_spoilt_pdfs_are_read_or_refused(edits, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "file.pdf"
    path.write_bytes(_edited(make_pdf([_page(1, "Words of a page."), _page(2, "More words.")]), edits))
    _survives(lambda data: pdf.read(path, Limits(seconds=20)), b"")


@MANY
@given(data=st.binary(min_size=1, max_size=300), name=st.sampled_from(["a.pdf", "a.docx", "a.html", "a.txt", "a", "..", "a.exe"]))
def test_uploads_are_read_or_refused(data, name, tmp_path_factory):
    path = tmp_path_factory.mktemp("upload") / "file"
    path.write_bytes(data)
    with contextlib.suppress(UnreadableTextError):
        user_documents.read(path, name, Limits(seconds=20))


def test_a_pdf_of_1500_pages_is_accepted(tmp_path):
    path = tmp_path / "long.pdf"
    path.write_bytes(make_pdf([_page(n, f"Paragraph number {n} of a long document.") for n in range(1, 1501)]))
    text = pdf.read(path, Limits())
    assert text.pages == 1500
    assert len(text.lines) >= 1500 // 2
    assert text.lines[-1].page == 1500
