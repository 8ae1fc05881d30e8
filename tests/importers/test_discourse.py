"""Discourse topics and posts become posts of a private community."""

import json

import pytest


def post(number, user, **more):
    return {
        "id": 900 + number,
        "name": user.title(),
        "username": user,
        "user_id": {"ann": 1, "bob": 2, "cem": 3}[user],
        "avatar_template": f"/user_avatar/forum.example.org/{user}/{{size}}/1.png",
        "created_at": f"2024-03-01T10:0{number}:00.000Z",
        "updated_at": f"2024-03-01T11:0{number}:00.000Z",
        "cooked": f"<p>post {number} &amp; more</p>",
        "post_number": number,
        "post_type": 1,
        "reply_count": 0,
        "reply_to_post_number": None,
        "reads": 9,
        "version": 1,
        "topic_id": 5,
        "topic_slug": "lamps",
        "actions_summary": [],
        "moderator": False,
        "admin": False,
        "staff": False,
        "deleted_at": None,
        **more,
    }


@pytest.fixture
def topic():
    mention = '<p><a class="mention" href="/u/cem">@cem</a> <a class="mention" href="/u/dia">@dia</a> please</p>'
    posts = [
        post(1, "ann", actions_summary=[{"id": 2, "count": 4}, {"id": 3, "count": 7}], version=2),
        post(2, "bob", staff=True, cooked=mention),
        post(3, "cem", reply_to_post_number=2),
        post(4, "bob", post_type=3, cooked="", action_code="closed.enabled"),
    ]
    stream = {"posts": posts, "stream": [901, 902, 903, 904]}
    return {"post_stream": stream, "id": 5, "title": "Lamps", "slug": "lamps", "category_id": 8}


def save(tmp_path, document):
    path = tmp_path / "file.json"
    path.write_text(json.dumps(document))
    return path


def test_topic_becomes_a_thread_when_it_has_its_posts(tmp_path, importing, topic):
    imported = importing(save(tmp_path, topic))
    assert imported.format == "discourse"
    assert not imported.refusals
    first, second, third = imported.posts
    assert (first.native_id, first.title, first.kind, first.parent) == ("5/1", "Lamps", "post", None)
    assert (first.text, first.likes, first.reach) == ("post 1 & more", 4, 9)
    assert first.edited_at is not None
    assert (second.parent, second.parent_author, second.kind, second.likes) == ("5/1", "1", "reply", 0)
    assert (third.parent, third.parent_author, third.root) == ("5/2", "2", "5/1")
    assert second.mentions == ("3", "@dia")
    assert second.edited_at is None
    assert second.url == "https://forum.example.org/t/lamps/5/2"
    assert imported.inputs[0].rows_skipped == {"note of the forum's, not a post": 1}


def test_channel_is_private_community_when_topic_has_a_category(tmp_path, importing, topic):
    (channel,) = importing(save(tmp_path, topic)).channels
    assert (channel.native_id, channel.kind, channel.purpose) == ("category/8", "private", "community")
    assert channel.source == "forum.example.org"


def test_staff_are_team_when_posts_say_so(tmp_path, importing, topic):
    imported = importing(save(tmp_path, topic))
    assert (imported.identity("2").is_team, imported.identity("1").is_team) == (True, None)
    assert imported.identity("1").handle == "ann"


@pytest.mark.parametrize(
    "written",
    [
        {
            "cooked": '<aside class="quote no-group" data-post="1"><div class="title">ann:</div><blockquote>'
            '<aside class="quote"><blockquote><p>What?</p></blockquote></aside>'
            '<p>Is it on, <a class="mention" href="/u/cem">@cem</a>?</p></blockquote></aside><p>It is.</p>'
        },
        {"cooked": None, "raw": '[quote="ann, post:1"]\n[quote]What?[/quote]\nIs it on, @cem?\n[/quote]\n\nIt is.'},
    ],
)
def test_text_and_mentions_are_the_writers_own_when_a_post_quotes_another(tmp_path, importing, written):
    (found,) = importing(save(tmp_path, [post(2, "bob", **written)])).posts
    assert (found.text, found.mentions) == ("It is.", ())


@pytest.mark.parametrize("shape", ["one", "list", "latest"])
def test_posts_are_found_when_file_has_no_topic(tmp_path, importing, shape):
    one = post(2, "bob", category_id=8, topic_title="Lamps")
    imported = importing(save(tmp_path, {"one": one, "list": [one], "latest": {"latest_posts": [one]}}[shape]))
    assert [(found.native_id, found.parent, found.channel) for found in imported.posts] == [
        ("5/2", "5/1", "category/8")
    ]


def test_no_post_is_invented_when_file_lists_topics_only(tmp_path, importing):
    topics = [{"id": 5, "title": "Lamps", "slug": "lamps", "posts_count": 3, "created_at": "2024-03-01T10:00:00Z"}]
    imported = importing(save(tmp_path, {"topic_list": {"topics": topics}}))
    assert imported.format == "discourse"
    assert imported.posts == []
    assert imported.inputs[0].rows_skipped == {"topic listed without its posts": 1}


def test_categories_name_channels_when_listed(tmp_path, importing):
    imported = importing(save(tmp_path, {"category_list": {"categories": [{"id": 8, "name": "Support", "slug": "s"}]}}))
    assert [(channel.native_id, channel.name) for channel in imported.channels] == [("category/8", "Support")]


def test_post_is_refused_alone_when_it_is_damaged(tmp_path, importing, topic):
    del topic["post_stream"]["posts"][1]["created_at"]
    imported = importing(save(tmp_path, topic))
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(2, "has no 'created_at'")]
    assert [found.native_id for found in imported.posts] == ["5/1", "5/3"]


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "posts"),
    [
        ("discourse_topic_1148.json", 20),
        ("discourse_topic_1149.json", 2),
        ("discourse_posts.json", 4),
        ("discourse_post.json", 1),
        ("discourse_topics.json", 0),
        ("discourse_topics_empty.json", 0),
    ],
)
def test_real_forum_files_are_all_imported(real_data, importing, file, posts):
    imported = importing(real_data / "native/discourse" / file)
    assert imported.format == "discourse"
    assert len(imported.posts) == posts
    assert not imported.refusals
