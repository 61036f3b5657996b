"""Outside sets in the BEIR layout: ranked with the product's own index, or refused with a clear message."""

import json

import pytest

from assistant.search.hybrid import HybridIndex
from assistant.types import AssistantError
from evals.beir import read_set
from evals.external import lanes_of, measure, named_in
from evals.tutorial import Tutorial


def _set(folder, corpus=None, queries=None, qrels="query-id\tcorpus-id\tscore\nq1\tp1\t1\nq1\tp3\t1\n"):
    corpus = corpus or [
        {"_id": "p1", "title": "Keys", "text": "The lighthouse keeper keeps the keys.", "metadata": {"parent": "art_1"}},
        {"_id": "p2", "title": "", "text": "Boats leave at dawn.", "metadata": {"parent": "art_1"}},
        {"_id": "p3", "title": "", "text": "Keys are counted every evening."},
        {"_id": "p4", "title": "", "text": ""},
    ]
    queries = queries or [{"_id": "q1", "text": "who keeps the keys?"}, {"_id": "q2", "text": "asked for nothing"}]
    (folder / "qrels").mkdir()
    for name, lines in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        (folder / name).write_text(text, encoding="utf-8")
    if qrels is not None:
        (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_passages_are_filed_under_their_parents_and_queries_without_an_answer_left_out(tmp_path):
    outside = read_set(_set(tmp_path))
    assert {one.id: one.provision for one in outside.passages}["p2"] == "art_1"
    assert outside.queries == {"q1": "who keeps the keys?"}
    assert outside.gold == {"q1": ["art_1", "p3"]}


def test_a_set_is_ranked_on_parents(tmp_path):
    outside = read_set(_set(tmp_path))
    (found,) = [measure(outside, name, search) for name, search in lanes_of(HybridIndex(outside.passages, None)).items()]
    assert found.system == "words alone (BM25)"
    assert {name: one.mean for name, one in found.figures.items()}["all_gold@10"] == 1
    assert found.figures["hit@1"].mean == 1


def test_queries_that_name_an_article_have_figures_of_their_own(tmp_path):
    corpus = [
        {"_id": "a5", "title": "Harbour Act Article 5", "text": "Fees."},
        {"_id": "a6", "title": "Harbour Act Article 6", "text": "Fees for piers, as said in Article 5 of the Harbour Act."},
    ]
    queries = [
        {"_id": "q1", "text": "Which fees for piers are due under Article 5 of the Harbour Act?"},
        {"_id": "q2", "text": "Where do fees for piers build on Harbour Act Article 5?"},
        {"_id": "q3", "text": "Who pays fees for piers?"},
    ]
    qrels = "query-id\tcorpus-id\tscore\nq1\ta5\t1\nq2\ta6\t1\nq3\ta6\t1\n"
    outside = read_set(_set(tmp_path, corpus, queries, qrels))
    index = HybridIndex(outside.passages, None)
    named = named_in(outside, index)
    assert named == {"q1": ["a5"], "q2": ["a5"], "q3": []}

    def told(lanes):
        figures = measure(outside, "x", lambda text: [one.provision for one in index.rank(text, lanes)], named).figures
        return {name: (figures[name].mean, figures[name].n) for name in ("named hit@1", "gold named hit@1")}

    assert told(("named", "words")) == {"named hit@1": (0.5, 2), "gold named hit@1": (1.0, 1)}
    assert told(("words",)) == {"named hit@1": (0.5, 2), "gold named hit@1": (0.0, 1)}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"qrels": None}, "has no qrels/test.tsv. A set in the BEIR layout has corpus.jsonl, queries.jsonl, qrels/test.tsv"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, "answers no query of queries.jsonl"),
        ({"qrels": "h\nq1\tp9\t1\n"}, "line 2: the corpus has no passage 'p9'"),
        ({"qrels": "h\nq1\tp1\tvery\n"}, "line 2: query, passage and a whole number are expected"),
        ({"corpus": ["{"]}, "corpus.jsonl, line 1: not a JSON object"),
        ({"corpus": [{"title": "x"}]}, "line 1: an object with the text '_id' is expected"),
        ({"queries": ["[]"]}, "queries.jsonl, line 1: an object with the text '_id' is expected"),
    ],
)
def test_a_set_of_another_layout_is_refused(broken, message, tmp_path):
    with pytest.raises(AssistantError) as caught:
        read_set(_set(tmp_path, **broken))
    assert message in str(caught.value)


def test_the_tutorial_finds_the_provision_in_which_a_chunk_begins(hashed):
    long = "The keeper counts the keys. " * 80
    tutorial = Tutorial([[("a", long), ("b", "Boats leave at dawn.")]], hashed)
    found = tutorial.search("anything")
    assert set(found) <= {"a", "b"}
    assert found.count("a") == 1
    assert Tutorial([[("c", "Another set.")]], hashed).search("anything") == ["c"], "sets do not mix"
