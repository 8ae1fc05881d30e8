"""Tables of insights: days of one's own channels, and the posts that stand in them."""

import datetime as dt

import pytest

FACEBOOK_DAYS = """date,page_id,_fivetran_synced,page_fans,page_impressions
2024-03-01 08:00:00,77,2024-03-05 10:00:00,256,6696
2024-03-01 23:00:00,77,2024-03-05 10:00:00,,10
2024-03-03 08:00:00,77,2024-03-05 10:00:00,many,10
"""
TWEET_DAYS = """account_id,date,organic_tweet_id,placement,impressions
a1,2024-03-01T07:00:00,1,ALL_ON_TWITTER,5
a1,2024-03-01T07:00:00,2,ALL_ON_TWITTER,7
a1,2024-03-02T07:00:00,1,ALL_ON_TWITTER,1
"""
TWEETS = """id,_fivetran_synced,account_id,created_at,favorite_count,retweet_count,user_id,in_reply_to_status_id,text
1,2024-03-05,a1,2024-03-01T09:00:00,8,,44,,Fish &amp; chips
2,2024-03-05,a1,2024-03-01T09:05:00,,1,44,1,More
"""
FACEBOOK_POSTS = """id,page_id,created_time,message,status_type,share_count
77_1,77,2024-03-01 10:00:00,We are open,added_photos,3
77_2,77,2024-03-01 11:00:00,Are you?,wall_post,
"""
FIGURES = "date,post_id,post_impressions,post_clicks\n2024-03-01,77_1,5,1\n"


def read(tmp_path, importing, text):
    (tmp_path / "x").write_text(text)
    imported = importing(tmp_path / "x")
    assert imported.format == "social_insights"
    return imported


def test_days_of_a_page_become_days_of_its_channel(tmp_path, importing):
    imported = read(tmp_path, importing, FACEBOOK_DAYS)
    assert [(day.channel, day.day, day.followers, day.impressions, day.reach) for day in imported.channel_days] == [
        ("77", dt.date(2024, 3, 1), 256, 6696, None),
        ("77", dt.date(2024, 3, 2), None, 10, None),  # midnight east of Greenwich
    ]
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(4, "'many' is no whole number")]


def test_days_of_tweets_are_added_up_to_days_of_the_account(tmp_path, importing):
    days = read(tmp_path, importing, TWEET_DAYS).channel_days
    assert [(day.day.day, day.impressions, day.followers) for day in days] == [(1, 12, None), (2, 1, None)]


def test_tweets_are_the_teams_posts_with_the_counts_that_are_told(tmp_path, importing):
    imported = read(tmp_path, importing, TWEETS)
    first, second = imported.posts
    assert (first.text, first.author, first.likes, first.shares, first.parent) == ("Fish & chips", "44", 8, None, None)
    assert (second.kind, second.parent, second.likes, second.shares) == ("reply", "1", None, 1)
    assert imported.identity("44").is_team is True


def test_post_of_a_visitor_on_the_page_is_not_the_pages(tmp_path, importing):
    posts = read(tmp_path, importing, FACEBOOK_POSTS).posts
    assert [(post.author, post.shares) for post in posts] == [("77", 3), (None, None)]


def test_figures_of_posts_are_counted_and_passed_over_when_there_is_no_text(tmp_path, importing):
    imported = read(tmp_path, importing, FIGURES)
    assert imported.posts == []
    assert imported.inputs[0].rows_skipped == {"figures of a post without its text and time": 1}


@pytest.mark.realdata
def test_real_tables_are_all_known(real_data, importing):
    imported = importing(real_data / "native/social_insights")
    assert {found.format for found in imported.inputs} == {"social_insights"}
    assert (imported.unrecognised, imported.refusals) == ([], [])
    # days: Facebook 6, Instagram 1, tweets 100; posts: Facebook 100, Instagram 100, LinkedIn 85, X 100, YouTube 3
    assert (len(imported.channel_days), len(imported.posts)) == (107, 388)
    facebook = [day for day in imported.channel_days if day.network == "facebook"]
    assert sum(day.impressions for day in facebook) == 43_504
