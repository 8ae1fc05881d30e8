"""One post of one account is the same post of the same account, whichever of X's forms tells it."""

import json
from dataclasses import asdict

TEXT, NUMBER, TIME = "hello @bob", "1763500000000000000", "2024-03-01T10:00:00.000Z"
OLD = {
    "id_str": NUMBER,
    "created_at": "Fri Mar 01 10:00:00 +0000 2024",
    "full_text": TEXT,
    "lang": "en",
    "favorite_count": 3,
    "retweet_count": 2,
    "in_reply_to_status_id_str": "7",
    "in_reply_to_user_id_str": "2",
    "entities": {"user_mentions": [{"screen_name": "bob", "id_str": "2"}]},
}
OLD_USER = {"id_str": "1", "screen_name": "ann", "name": "Ann"}
NEW = {
    "id": NUMBER,
    "created_at": TIME,
    "text": TEXT,
    "lang": "en",
    "author_id": "1",
    "in_reply_to_user_id": "2",
    "referenced_tweets": [{"type": "replied_to", "id": "7"}],
    "public_metrics": {"like_count": 3, "retweet_count": 2},
    "entities": {"mentions": [{"username": "bob", "id": "2"}]},
}
ACCOUNT = [{"account": {"accountId": "1", "username": "ann", "accountDisplayName": "Ann"}}]


def test_post_and_account_are_the_same_when_told_by_either_interface_and_the_archive(tmp_path, importing):
    for name in ("v1", "v2", "archive"):
        (tmp_path / name).mkdir()
    (tmp_path / "v1/x").write_text(json.dumps([{**OLD, "user": OLD_USER}]))
    users = [{"id": "1", "username": "ann", "name": "Ann"}]
    (tmp_path / "v2/x").write_text(json.dumps({"data": [NEW], "includes": {"users": users}}))
    (tmp_path / "archive/tweets.js").write_text(f"window.YTD.tweets.part0 = {json.dumps([{'tweet': OLD}])}")
    (tmp_path / "archive/account.js").write_text(f"window.YTD.account.part0 = {json.dumps(ACCOUNT)}")
    old, new, own = (importing(tmp_path / name) for name in ("v1", "v2", "archive"))
    assert [found.format for found in (old, new, own)] == ["x_api_v1", "x_api_v2", "x_archive"]
    assert asdict(old.posts[0]) == asdict(new.posts[0]) == asdict(own.posts[0])
    assert old.channels == new.channels == own.channels
    assert old.identity("1") == new.identity("1")
    assert (own.identity("1").handle, own.identity("1").url) == ("ann", old.identity("1").url)
