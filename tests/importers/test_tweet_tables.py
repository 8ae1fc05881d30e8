"""The two published kinds of tweet tables are recognised without asking."""

import datetime as dt
import statistics

import pytest

AIRLINE = """tweet_id,airline_sentiment,airline,name,retweet_count,text,tweet_created,tweet_location
71,neutral,Blue Wings,Ann_B,2,"@BlueWings late &amp; cold,
says @cem",2015-02-24 11:35:52 -0800,Rome
71,neutral,Blue Wings,Ann_B,2,"@BlueWings late &amp; cold,
says @cem",2015-02-24 11:35:52 -0800,Rome
72,positive,Red Air,bob,0,thanks,2015-02-24 11:36:00 -0800,
,positive,Red Air,bob,0,no id,2015-02-24 11:36:00 -0800,
"""

SUPPORT = """,tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
0,1,LampCare,False,Tue Oct 31 22:10:47 +0000 2017,@115712 Please write to us.,2,3.0
1,2,115712,True,Tue Oct 31 22:11:45 +0000 2017,@lampcare I did,,1.0
2,3,115712,True,Tue Oct 31 22:08:27 +0000 2017,"@LampCare nobody
answers","1,9",
3,4,115713,True,Tue Oct 31 22:08:27 +0000 2017,@LampCare cut\r\rhere,5,
4,6,115713,True,Tue Oct 31 22:09:27 +0000 2017,fine again,,
,,,,,,,
"""


@pytest.fixture
def airline(tmp_path, importing):
    (tmp_path / "a.csv").write_text(AIRLINE, newline="")
    return importing(tmp_path / "a.csv")


@pytest.fixture
def support(tmp_path, importing):
    (tmp_path / "s.csv").write_text(SUPPORT, newline="")
    return importing(tmp_path / "s.csv")


def test_airline_tweets_are_posts_in_a_channel_and_brand_an_airline(airline):
    assert airline.format == "airline_tweets"
    assert [post.native_id for post in airline.posts] == ["71", "71", "72"]
    post = airline.posts[0]
    assert (post.network, post.source, post.channel, post.author) == ("twitter", "twitter.com", "Blue Wings", "@ann_b")
    assert post.text == "@BlueWings late & cold,\nsays @cem"
    assert post.mentions == ("@bluewings", "@cem")
    assert post.occurred_at == dt.datetime(2015, 2, 24, 19, 35, 52, tzinfo=dt.UTC)
    assert {(channel.name, channel.brand) for channel in airline.channels} == {
        ("Blue Wings", "Blue Wings"),
        ("Red Air", "Red Air"),
    }
    assert (airline.identity("@ann_b").handle, airline.identity("@ann_b").location) == ("Ann_B", "Rome")


def test_airline_tweet_is_refused_when_it_has_no_id(airline):
    assert [(refusal.line, refusal.reason) for refusal in airline.refusals] == [(7, "has no tweet_id")]


def test_support_tweets_form_threads_when_parents_are_written_as_floats(support):
    assert support.format == "support_tweets"
    reply = support.post("1")
    assert (reply.parent, reply.kind, reply.mentions) == ("3", "reply", ("115712",))
    assert support.post("2").mentions == ("LampCare",)
    assert support.post("3").text == "@LampCare nobody\nanswers"


def test_companies_are_team_when_their_tweets_are_not_inbound(support):
    company, customer = support.identity("LampCare"), support.identity("115712")
    assert (company.handle, company.is_team) == ("LampCare", True)
    assert (customer.handle, customer.is_team) == (None, None)


def test_support_row_stays_whole_when_its_text_holds_returns(support):
    assert support.post("4").text == "@LampCare cut\n\nhere"
    assert support.refusals == []
    assert support.post("6").text == "fine again"
    assert support.inputs[0].rows_skipped == {"blank row": 1}


@pytest.mark.realdata
def test_real_airline_tweets_are_all_imported(real_data, importing):
    imported = importing(real_data / "airline")
    assert len(imported.posts) == 7_313
    assert len({post.native_id for post in imported.posts}) == 7_239
    assert len(imported.brands) == 6
    assert not imported.refusals


@pytest.mark.realdata
def test_real_support_tweets_are_all_imported(real_data, importing):
    imported = importing(real_data / "twcs/twcs_first5000.csv")
    assert len(imported.posts) == 5_000
    assert imported.refusals == []
    by_id = {post.native_id: post for post in imported.posts}
    team = {identity.native_id for identity in imported.identities if identity.is_team}
    answered = [
        (post.occurred_at - by_id[post.parent].occurred_at).total_seconds()
        for post in imported.posts
        if post.author in team and post.parent in by_id and by_id[post.parent].author not in team
    ]
    assert len(answered) == 2_188
    assert statistics.median(answered) == 723.5


@pytest.mark.realdata
def test_real_damaged_spreadsheet_gives_its_rows_and_skips_the_blank_ones(real_data, importing):
    imported = importing(real_data / "twcs/twcs_excel_damaged.zip")
    table = imported.inputs[-1]
    assert table.name == "twcs_excel_damaged.zip/twcs/twcs.csv"
    assert table.rows_read == 999
    assert table.rows_skipped["blank row"] > 1_000_000
    assert not imported.refusals


@pytest.mark.parametrize("odd", ["", "8,ann,x,never,odd\n"])  # read in a block, and row by row
def test_table_of_tweets_gives_their_address_when_the_id_tells_when_they_were_written(tmp_path, importing, odd):
    rows = [
        "1261326399320715264,ann,Twitter,2020-05-15 18:03,in local time",
        "1261326399320715264,ann,reddit,2020-05-15 18:03,another network",
        "1261326399320715264,ann,Twitter,2021-05-15 18:03,another year: no id of X's",
        "1261326399320715000,ann,Twitter,2020-05-15 18:03,cut by a spreadsheet",
        "71,ann,Twitter,2020-05-15 18:03,an id of the table's own",
    ]
    (tmp_path / "t.csv").write_text("id,author,network,created_at,text\n" + "\n".join(rows) + "\n" + odd)
    imported = importing(tmp_path / "t.csv")
    assert len(imported.refusals) == bool(odd)
    address = "https://x.com/i/web/status/1261326399320715264"
    assert [post.url for post in imported.posts] == [address, None, None, None, None]


def test_support_tweet_has_an_address_when_its_id_is_one_of_x(tmp_path, importing):
    real = SUPPORT.replace("3,4,115713", "3,925490431461277696,115713")  # written 2017-10-31 22:27:27 UTC
    (tmp_path / "s.csv").write_text(real, newline="")
    found = {post.native_id: post.url for post in importing(tmp_path / "s.csv").posts}
    assert found.pop("925490431461277696") == "https://x.com/i/web/status/925490431461277696"
    assert set(found.values()) == {None}
