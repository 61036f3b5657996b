"""The user's files: read by what they are, refused with a reason, never executed, fetched or obeyed."""

import zipfile

import docx
import pytest
from test_pdf import _page, make_pdf

from assistant.texts import user_documents
from assistant.texts.model import Line, OfficialText, UnreadableTextError
from assistant.texts.pdf import Limits


@pytest.fixture
def read(tmp_path):
    def _read(data, name):
        path = tmp_path / "upload"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return user_documents.read(path, name, Limits())

    return _read


@pytest.fixture
def word(tmp_path):
    document = docx.Document()
    document.core_properties.title = "個人情報取扱規程"
    document.add_paragraph("第1条　漏えいは二十四時間以内に責任者へ報告する。")
    document.add_table(1, 2).cell(0, 0).text = "期限"
    document.save(tmp_path / "rules.docx")
    return tmp_path / "rules.docx"


def _texts(document):
    return [line.text for line in document.text.lines]


def test_markdown_gives_title_and_paragraphs(read):
    document = read("# Our AI policy\n\nStaff report within\ntwo days.\n\n- one\n- two", "policy.md")
    assert (document.title, document.language, document.kind) == ("Our AI policy", "en", "text")
    assert _texts(document)[1] == "Staff report within two days."


def test_word_gives_its_title_paragraphs_and_tables(word):
    document = user_documents.read(word, "rules.docx", Limits())
    assert (document.title, document.language, document.kind) == ("個人情報取扱規程", "ja", "docx")
    assert _texts(document) == ["第1条 漏えいは二十四時間以内に責任者へ報告する。", "期限 |"]


def test_html_loses_its_scripts_and_keeps_its_words(read):
    page = "<!DOCTYPE html><title>Guide</title><script>steal()</script><p>Mark <b>all</b> images.</p><style>p{}</style>"
    document = read(page, "guide.html")
    assert document.title == "Guide"
    assert _texts(document) == ["Mark all images."]


def test_pdf_gives_pages(read):
    document = read(make_pdf([_page(1, "Invoices are paid late."), _page(2, "Suppliers wait.")]), "handbook.pdf")
    assert [(line.page, line.text) for line in document.text.lines if "House" not in line.text][-1] == (2, "Suppliers wait.")
    assert document.title == "handbook"


@pytest.mark.parametrize(
    ("text", "jurisdiction"),
    [
        ("The AI Act and the GDPR bind us.", "eu"),
        ("個人情報保護法の個人情報取扱事業者として行動する。", "jp"),
        ("The GDPR in the EU, the APPI in Japan.", "eu_jp"),
        ("Lunch is at noon.", None),
    ],
)
def test_the_jurisdiction_is_guessed_from_the_law_it_names(read, text, jurisdiction):
    assert read(text, "x.txt").jurisdiction == jurisdiction


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "empty.pdf", "empty"),
        (b"plain words", "mislabelled.pdf", "named .pdf but is none"),
        (b"plain words", "mislabelled.docx", "named .docx but is none"),
        (b"%PDF-1.4\nbroken", "broken.pdf", "damaged|No page"),
        (b"PK\x03\x04broken", "broken.docx", "damaged"),
        (b"\x89PNG\0\0", "picture.png", "not read here"),
        (b"\xff\xfeH\x00", "utf16.txt", "not read here|UTF-8"),
        (b"caf\xe9", "latin.txt", "UTF-8"),
        (b"<html><script>only()</script></html>", "page.html", "no text|not a readable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(read, data, name, message):
    with pytest.raises(UnreadableTextError, match=message):
        read(data, name)


def test_a_word_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(user_documents, "_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (2 << 20))
    with pytest.raises(UnreadableTextError, match="unpacks to more than 1 MiB"):
        user_documents.read(path, "bomb.docx", Limits())


def test_a_packed_file_that_is_no_word_file_is_refused(tmp_path):
    path = tmp_path / "files.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("notes.txt", "x")
    with pytest.raises(UnreadableTextError, match="no Word document"):
        user_documents.read(path, "files.docx", Limits())


def test_entities_in_a_word_file_are_not_resolved(word, tmp_path):
    hostile = tmp_path / "hostile.docx"
    with zipfile.ZipFile(word) as old, zipfile.ZipFile(hostile, "w") as new:
        for item in old.infolist():
            data = old.read(item.filename)
            if item.filename == "word/document.xml":
                data = data.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document', 1)
                data = data.replace("責任者".encode(), b"&a;")
            new.writestr(item.filename, data)
    try:
        texts = " ".join(_texts(user_documents.read(hostile, "hostile.docx", Limits())))
    except UnreadableTextError:
        return
    from pathlib import Path

    assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in texts


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\x00b\n.txt", "ab.txt"),
        ("", "document"),
        ("x" * 300, "x" * 150),
    ],
)
def test_a_name_loses_its_path_and_control_characters(name, clean):
    assert user_documents.clean_name(name) == clean


def test_passages_keep_to_a_page_and_to_a_length():
    lines = (Line("", "a" * 700, page=1), Line("", "b" * 700, page=1), Line("", "c", page=2), Line("", "d", page=2))
    assert [(page, len(text)) for page, text in user_documents.passages(OfficialText(lines))] == [(1, 700), (1, 700), (2, 3)]


def test_a_very_long_paragraph_is_cut_at_a_space_and_nothing_is_lost():
    text = " ".join(f"word{n}" for n in range(1000))
    found = [part for _, part in user_documents.passages(OfficialText((Line("", text),)))]
    assert max(map(len, found)) <= 1200
    assert " ".join(found) == text


def _passages(read, text, name="x.txt"):
    return [part for _, part in user_documents.passages(read(text, name).text)]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("1. Boats. Three are lent.\n2. Ropes. They are coiled.\n2.1 Wet ropes hang.", ["1. Boats", "2. Ropes", "2.1 Wet"]),
        ("Article 1 Boats are lent.\n\nArticle 2 Ropes are coiled.", ["Article 1", "Article 2"]),
        ("§ 1 Boats are lent.\n\n§ 2 Ropes are coiled.", ["§ 1", "§ 2"]),
        ("# Harbour\n\n## Boats\nThree are lent.\n\n## Ropes\nThey are coiled.", ["Harbour\nBoats\nThree", "Ropes\nThey"]),
        ("## Boats\n\nFree are:\n\n- the red one\n- the blue one\n\n## Ropes\n\nCoiled.", ["Boats\nFree", "Ropes\nCoiled"]),
        ("第一条　舟を貸す。\n第二条　縄を巻く。", ["第一条", "第二条"]),
        ("（貸出）\n第1条　舟を貸す。\n（縄）\n第2条　縄を巻く。", ["（貸出）\n第1条", "（縄）\n第2条"]),
        ("1 舟　三そう貸す。\n2 縄　巻いておく。", ["1 舟", "2 縄"]),
        ("第1章 総則\n第1条　舟を貸す。\n第2条　縄を巻く。\n附則　即日施行する。", ["第1章 総則\n第1条", "第2条", "附則"]),
    ],
)
def test_a_clause_begins_a_passage_and_a_heading_goes_with_it(read, text, starts):
    found = _passages(read, text)
    assert len(found) == len(starts)
    assert all(part.startswith(start) for part, start in zip(found, starts, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "3. Kept are:\n(a) oars,\n(b) ropes.",
        "3. Kept are:\n- oars\n- ropes",
        "第3条　次の物を禁じる。\n(1) 火薬\n(2) 瓶",
        "第3条（報告）\n1 すぐに報告する。\n2 後で詳しく報告する。",
        "Kept are:\n\n1. oars.\n\n2. ropes.",
    ],
)
def test_the_items_of_a_list_stay_with_their_clause(read, text):
    assert len(_passages(read, text)) == 1


def test_short_paragraphs_are_joined_and_long_ones_stand_alone(read):
    short = "\n\n".join(f"Note {n} is short." for n in range(6))
    assert len(_passages(read, short)) == 1
    assert max(map(len, _passages(read, "\n\n".join(f"Note {n} is a little longer than short." for n in range(60))))) <= 620
    long = "Boats are lent to whoever asks for them in time. " * 4
    assert len(_passages(read, f"{long}\n\n{long}\n\n{long}")) == 3


def test_a_clause_is_never_longer_than_a_passage_and_keeps_every_word(read):
    clause = "3. Kept are:\n" + "\n".join(f"({n}) thing number {n} of the harbour," for n in range(100))
    found = _passages(read, clause)
    assert max(map(len, found)) <= 1300
    assert "".join(found).replace("\n", "") == clause.replace("\n", "")


def test_a_wrapped_row_that_begins_with_a_figure_opens_no_clause(read):
    assert _passages(read, "The lease ends within\n30 days of the notice.") == ["The lease ends within 30 days of the notice."]
