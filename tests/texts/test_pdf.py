"""PDF files: paragraphs with pages; headers, footers and notes apart; limits and damage told."""

import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from assistant.law.text_source import SectionHeading
from assistant.search.tokens import tokens
from assistant.texts import pdf, sections
from assistant.texts.model import UnreadableTextError

BODY, SMALL = 12, 8


def make_pdf(pages):
    """A PDF whose pages hold rows of (y, size, text) in a standard typeface."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for rows in pages:
        drawn = "".join(f"BT /F1 {size} Tf 72 {y} Td ({text}) Tj ET\n" for y, size, text in rows).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
    objects[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + (
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )  # fmt: skip


def _page(number, *rows):
    body = [(760 - 14 * place, BODY, text) for place, text in enumerate(rows)]
    return [(800, BODY, "House guidelines"), *body, (40, BODY, str(number))]


@pytest.fixture
def write(tmp_path):
    def _write(data, name="file.pdf"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return _write


def test_rows_become_paragraphs_with_their_page_and_edges_go(write):
    pages = [
        _page(
            1, "\\(1\\) The first point is long and", "goes on in a second row.", "\\(2\\) The second is cut-", "off at a hyphen"
        ),
        [*_page(2, "and ends on the next page."), (100, SMALL, "1 A footnote in small print"), (90, SMALL, "of two rows.")],
        _page(3, "\\(7\\) is no point: the count goes on with 3.", "\\(3\\) The third."),
        _page(4, "Last words."),
    ]
    text = pdf.read(write(make_pdf(pages)))
    assert [(line.page, line.text) for line in text.lines] == [
        (1, "(1) The first point is long and goes on in a second row."),
        (1, "(2) The second is cut-off at a hyphen and ends on the next page."),
        (3, "(7) is no point: the count goes on with 3."),
        (3, "(3) The third."),
        (4, "Last words."),
    ]
    assert text.notes == ("1 A footnote in small print of two rows.",)
    placed = sections.place(text, [SectionHeading(pattern=r"^\((\d+)\)\s*", unit="point_{1}", running=True)])
    assert [line.unit for line in placed.lines] == ["point_1", "point_2", "point_2", "point_3", "point_3"]


def test_a_footer_of_three_rows_goes_wherever_it_is_drawn(write):
    texts = [f"What page {word} says is a whole sentence of many words, and so is the next." for word in ("one", "two", "three")]
    pages = [
        [(52, BODY, f"Draft 30/26 {number}"), (37, BODY, "GIP.B"), (33, BODY + 6, "EN")]
        + [(760 - 14 * row, BODY, text) for row in range(4)]
        for number, text in enumerate(texts)
    ]
    found = pdf.read(write(make_pdf(pages))).lines
    assert [line.text for line in found] == [" ".join([text] * 4) for text in texts]


def test_a_title_in_large_type_may_take_two_rows(write):
    titles = [(800, 20, "A title that needs"), (774, 20, "two rows"), (560, 20, "Next"), (500, 20, "Last")]
    rows = [*titles[:2], *((740 - 14 * row, BODY, "Text.") for row in range(8)), *titles[2:]]
    assert [line.text for line in pdf.read(write(make_pdf([rows]))).lines] == [
        "A title that needs two rows", " ".join(["Text."] * 8), "Next", "Last",
    ]  # fmt: skip


def test_a_row_behind_a_hyphen_begins_no_paragraph(write):
    rows = (760, "Under Article 5\\(2\\)-"), (746, "\\(7\\) of the act."), (732, "\\(a\\) A point.")
    text = pdf.read(write(make_pdf([[(y, BODY, row) for y, row in rows]])))
    assert [line.text for line in text.lines] == ["Under Article 5(2)- (7) of the act.", "(a) A point."]


def test_pages_without_text_are_told(write):
    text = pdf.read(write(make_pdf([_page(1, "Words."), []])))
    assert (text.pages, text.empty_pages) == (2, (2,))


def test_a_scanned_file_is_refused_with_advice(write):
    with pytest.raises(UnreadableTextError, match="OCR"):
        pdf.read(write(make_pdf([[], []])))


def test_a_protected_file_is_refused(write, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(write(make_pdf([_page(1, "Secret.")]))))
    writer.encrypt("key")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(UnreadableTextError, match="password"):
        pdf.read(tmp_path / "locked.pdf")


@pytest.mark.parametrize("data", [b"not a pdf at all", b"%PDF-1.4\n%%EOF", make_pdf([_page(1, "x")])[:200]])
def test_a_broken_file_is_refused(write, data):
    with pytest.raises(UnreadableTextError, match="damaged|No page"):
        pdf.read(write(data))


def test_too_many_pages_are_refused_with_the_limit_named(write):
    with pytest.raises(UnreadableTextError, match="3 pages; the limit is 2"):
        pdf.read(write(make_pdf([_page(n, "x") for n in (1, 2, 3)])), pdf.Limits(pages=2))


def _bomb(mib):
    """A page whose content is a few kilobytes that unpack to ``mib`` MiB of zeros."""
    packed = zlib.compress(b" " * (mib << 20), 9)
    data = make_pdf([_page(1, "x")])
    start, end = data.index(b"<< /Length"), data.index(b"endstream")
    return data[:start] + b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\n" % (len(packed), packed) + data[end:]


@pytest.mark.long
def test_a_flate_bomb_ends_in_the_child_process(write):
    limits = pdf.Limits(memory_mib=512, seconds=60)
    with pytest.raises(UnreadableTextError, match="memory|MiB|damaged|No page"):
        pdf.read(write(_bomb(2000)), limits)


def test_a_file_that_takes_too_long_is_given_up(write, monkeypatch):
    pages = [_page(n, *["word " * 15] * 50) for n in range(700)]
    with pytest.raises(UnreadableTextError, match="longer than the 1 seconds"):
        pdf.read(write(make_pdf(pages)), pdf.Limits(seconds=1))


def test_japanese_rows_join_without_a_space():
    assert pdf.join("個人情", "報保護") == "個人情報保護"
    assert pdf.join("the AI", "Act") == "the AI Act"
    assert pdf.join("self-", "regulation").replace(pdf.BREAK, "") == "self-regulation"


def test_words_broken_at_the_end_of_a_row_are_mended_where_the_document_has_them_whole(write):
    rows = ("The infor-", "mation is kept in a self-", "made register.", "All information counts.")
    text = pdf.read(write(make_pdf([_page(1, *rows), _page(2, "More."), _page(3, "End.")])))
    assert text.lines[0].text.startswith("The infor\u00admation is kept in a self-made register.")
    assert tokens(text.lines[0].text)[0] == tokens("information")[0]
