"""Stack Exchange: questions, the answers and comments below them, and votes."""

import json

import pytest

ANN = {
    "user_id": 1,
    "display_name": "Ann &amp; Co",
    "reputation": 900,
    "link": "https://cooking.stackexchange.com/users/1",
}
BOB = {"user_id": 2, "display_name": "Bob", "reputation": 5, "link": "https://cooking.stackexchange.com/users/2"}
QUESTION = {
    "question_id": 70, "title": "Salt &amp; time?", "body_markdown": "When do I &lt;salt&gt;?", "owner": ANN,
    "creation_date": 1709280000, "last_edit_date": 1709280600, "score": -2, "up_vote_count": 3, "view_count": 17,
    "answer_count": 1, "comment_count": 1, "tags": ["salt"], "link": "https://cooking.stackexchange.com/questions/70/a",
    "comments": [{"comment_id": 9, "post_id": 70, "score": 1, "owner": BOB, "creation_date": 1709280100, "body": "Hm"}],
    "answers": [
        {"answer_id": 71, "question_id": 70, "owner": BOB, "score": -1, "is_accepted": True, "body": "<p>Early</p>",
         "creation_date": 1709280200,
         "comments": [{"comment_id": 10, "post_id": 71, "post_type": "answer", "score": 0, "body": "Thanks",
                       "owner": {"display_name": "gone", "user_type": "does_not_exist"},
                       "reply_to_user": BOB, "creation_date": 1709280300}]},
    ],
}  # fmt: skip


def save(path, document):
    path.write_text(json.dumps(document))
    return path


def test_question_brings_its_answers_and_comments(tmp_path, importing):
    imported = importing(save(tmp_path / "x", {"items": [QUESTION], "has_more": False, "quota_remaining": 9}))
    assert imported.format == "stackexchange"
    assert [(post.native_id, post.kind, post.parent, post.author, post.text) for post in imported.posts] == [
        ("70", "question", None, "1", "When do I <salt>?"),
        ("comment/9", "comment", "70", "2", "Hm"),
        ("answer/71", "reply", "70", "2", "Early"),
        ("comment/10", "comment", "answer/71", None, "Thanks"),
    ]
    assert [post.likes for post in imported.posts] == [3, 1, None, 0]
    assert {(post.source, post.root) for post in imported.posts} == {("cooking.stackexchange.com", "70")}
    question, comment = imported.posts[0], imported.posts[-1]
    assert (question.title, question.views, question.replies) == ("Salt & time?", 17, 2)
    assert (comment.mentions, comment.parent_author) == (("2",), "2")
    assert (imported.identity("1").display_name, imported.identity("1").followers) == ("Ann & Co", None)


def test_item_is_refused_with_its_number_when_damaged(tmp_path, importing):
    items = [QUESTION, {"question_id": 72, "score": 1, "creation_date": "soon", "owner": ANN}]
    (refusal,) = importing(save(tmp_path / "x", items)).refusals
    assert (refusal.line, refusal.reason.split(":")[0][:6]) == (2, "'soon'")


def test_comment_alone_stands_below_the_answer_that_its_address_tells(tmp_path, importing):
    comment = {"comment_id": 11, "post_id": 71, "score": 0, "owner": BOB, "creation_date": 1709280400, "body": "So",
               "link": "https://cooking.stackexchange.com/questions/70/a#comment11_71"}  # fmt: skip
    assert importing(save(tmp_path / "x", [comment])).posts[0].parent == "answer/71"


@pytest.mark.realdata
def test_real_answers_are_all_imported(real_data, importing):
    imported = importing(real_data / "native/stackexchange")
    assert {found.format for found in imported.inputs} == {"stackexchange"}
    # one question in the first file, two in each of the others; each with one answer and one comment
    assert (len(imported.posts), imported.refusals) == (27, [])
    assert {post.source for post in imported.posts} == {"stackoverflow.com"}
