"""GitHub's issues, pull requests and comments become threads of one repository."""

import json

import pytest

API, PAGE = "https://api.github.com/repos/acme/lamp", "https://github.com/acme/lamp"


def user(number, login, **more):
    return {"id": number, "login": login, "html_url": f"https://github.com/{login}", "type": "User",
            "repos_url": "", **more}  # fmt: skip


ISSUE = {
    "number": 1, "id": 901, "title": "Flickers", "body": "<!-- fill in -->It flickers, @bob-x. `@skip` a@eve.example",
    "html_url": f"{PAGE}/issues/1", "comments_url": f"{API}/issues/1/comments", "user": user(7, "ann"),
    "created_at": "2024-03-01T10:00:00Z", "comments": 2, "author_association": "NONE",
    "reactions": {"+1": 2, "-1": 4, "confused": 1, "heart": 1, "total_count": 8, "url": ""},
}  # fmt: skip
COMMENTS = [
    {"id": 5, "body": "Same here", "html_url": f"{PAGE}/issues/1#issuecomment-5", "issue_url": f"{API}/issues/1",
     "user": user(8, "bob-x"), "created_at": "2024-03-01T11:00:00Z", "author_association": "MEMBER"},
    {"id": 6, "body": "Gone", "html_url": f"{PAGE}/issues/1#issuecomment-6", "issue_url": f"{API}/issues/1",
     "user": None, "created_at": "2024-03-01T12:00:00Z"},
    {"id": 7, "body": "No time", "html_url": f"{PAGE}/issues/1#issuecomment-7", "issue_url": f"{API}/issues/1",
     "user": user(9, "helper", type="Bot"), "created_at": None},
]  # fmt: skip
REVIEWS = [
    {"id": 11, "body": "", "state": "APPROVED", "html_url": f"{PAGE}/pull/2#pullrequestreview-11", "user": user(8, "b"),
     "pull_request_url": f"{API}/pulls/2", "submitted_at": "2024-03-02T11:00:00Z"},
    {"id": 12, "body": "Good", "state": "APPROVED", "html_url": f"{PAGE}/pull/2#pullrequestreview-12",
     "user": user(8, "b"), "pull_request_url": f"{API}/pulls/2", "submitted_at": "2024-03-02T12:00:00Z"},
    {"id": 13, "body": "Why?", "html_url": f"{PAGE}/pull/2#discussion_r13", "user": user(9, "helper", type="Bot"),
     "pull_request_url": f"{API}/pulls/2", "created_at": "2024-03-02T13:00:00Z", "in_reply_to_id": 10},
]  # fmt: skip


def save(path, document):
    path.write_text(json.dumps(document))
    return path


def test_issue_becomes_a_post_of_its_repository(tmp_path, importing):
    imported = importing(save(tmp_path / "x", [ISSUE]))
    assert imported.format == "github"
    (post,) = imported.posts
    assert (post.source, post.channel, post.native_id) == ("github.com", "acme/lamp", "acme/lamp#1")
    assert (post.title, post.text) == ("Flickers", "It flickers, @bob-x. `@skip` a@eve.example")
    assert (post.likes, post.replies, post.views, post.mentions) == (3, 2, None, ("@bob-x",))
    ann = imported.identity("7")
    assert (ann.handle, ann.is_team, ann.is_bot, ann.followers) == ("ann", None, False, None)


def test_comments_answer_their_issue_and_members_are_team(tmp_path, importing):
    imported = importing(save(tmp_path / "x", COMMENTS))
    assert [(post.native_id, post.parent, post.root, post.author, post.likes) for post in imported.posts] == [
        ("acme/lamp#issuecomment-5", "acme/lamp#1", "acme/lamp#1", "8", None),
        ("acme/lamp#issuecomment-6", "acme/lamp#1", "acme/lamp#1", None, None),
    ]
    assert imported.identity("8").is_team is True
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(3, "has no created_at")]


def test_reviews_answer_their_pull_request_and_silent_ones_are_counted(tmp_path, importing):
    imported = importing(save(tmp_path / "x", REVIEWS))
    assert [(post.native_id, post.parent) for post in imported.posts] == [
        ("acme/lamp#pullrequestreview-12", "acme/lamp#2"),
        ("acme/lamp#discussion_r13", "acme/lamp#discussion_r10"),
    ]
    assert imported.inputs[0].rows_skipped == {"review without words": 1}
    assert imported.identity("9").is_bot is True


def test_reactions_are_no_posts_when_a_list_does_not_say_to_what(tmp_path, importing):
    reactions = [{"id": 1, "content": "heart", "user": user(7, "ann"), "created_at": "2024-03-01T10:00:00Z"}]
    imported = importing(save(tmp_path / "x", reactions))
    assert imported.posts == []
    assert imported.inputs[0].rows_skipped == {"reaction that does not say to what": 1}


@pytest.mark.realdata
def test_real_answers_are_all_imported(real_data, importing):
    imported = importing(real_data / "native/github")
    assert {found.format for found in imported.inputs} == {"github"}
    # 5 files of one issue each, 2 pull requests, 2 + 6 comments, 3 reviews
    assert (len(imported.posts), imported.refusals) == (18, [])
    assert sum(post.kind == "comment" for post in imported.posts) == 11
    assert {post.source for post in imported.posts} == {"github.com"}
