"""Items of feeds become posts of the site, and a file made to explode is refused."""

import datetime as dt

import pytest

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Lamps &amp;amp; light</title><link>https://lamps.example/</link><language>en-us</language>
{items}
</channel></rss>"""
WHOLE = """<item><title>Tea &amp;amp; lamps</title><link>https://lamps.example/1</link>
<guid isPermaLink="false">g1</guid>
<dc:creator><![CDATA[Ann]]></dc:creator><pubDate>Fri, 01 Mar 2024 10:00:00 +0100</pubDate>
<slash:comments>3</slash:comments><description>short</description>
<content:encoded><![CDATA[<p>Tom &amp; I<br>agree, see </item> </p><script>x()</script>]]></content:encoded></item>"""
SHORT = """<item><link>https://lamps.example/2</link><author>bob@lamps.example (Bob)</author>
<pubDate>{time}</pubDate><description>&lt;b&gt;short&lt;/b&gt;</description></item>"""
ATOM = """<?xml version="1.0"?><!-- a comment --><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:thr="http://purl.org/syndication/thread/1.0"><title>Inn</title><link href="https://inn.example/"/>
<author><name>Cem</name></author>
<entry><id>urn:1</id><title>t</title><published>2024-03-01T10:00:00Z</published><updated>2024-03-02T10:00:00Z</updated>
<author><name>Ann</name><uri>https://inn.example/ann</uri></author>
<content type="html">&lt;p&gt;Hi &amp;amp; you&lt;/p&gt;</content></entry>
<entry><id>urn:2</id><title>re</title><updated>2024-03-02T10:00:00Z</updated><thr:in-reply-to ref="urn:1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Yo</div></content></entry></feed>"""


@pytest.fixture
def read(tmp_path, importing):
    def read_text(text, encoding="utf-8"):
        (tmp_path / "any.name").write_bytes(text.encode(encoding))
        return importing(tmp_path / "any.name")

    return read_text


def test_items_become_posts_of_the_site_when_rss(read):
    imported = read(RSS.format(items=WHOLE + SHORT.format(time="Sat, 02 Mar 2024 10:00:00 GMT")))
    assert (imported.format, imported.refusals) == ("feed", [])
    first, second = imported.posts
    assert (first.native_id, first.title, first.author, first.replies) == ("g1", "Tea & lamps", "name:ann", 3)
    assert (first.text, first.language) == ("Tom & I\nagree, see", "en")
    assert first.occurred_at == dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
    assert (second.native_id, second.text, second.author) == ("https://lamps.example/2", "short", "bob@lamps.example")
    assert imported.identity("bob@lamps.example").display_name == "Bob"
    channel = imported.channels[0]
    assert (channel.name, channel.kind, channel.source) == ("Lamps & light", "hub", "lamps.example")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_entries_and_answers_become_posts_when_atom(read, encoding):
    imported = read(ATOM, encoding)
    assert imported.format == "feed"
    first, second = imported.posts
    assert (first.text, first.author, first.edited_at) == (
        "Hi & you",
        "https://inn.example/ann",
        dt.datetime(2024, 3, 2, 10, tzinfo=dt.UTC),
    )
    assert (second.kind, second.parent, second.text, second.author) == ("reply", "urn:1", "Yo", "name:cem")
    assert (second.edited_at, second.replies) == (None, None)


def test_damaged_items_are_refused_alone_with_their_number(read):
    bad, good = SHORT.format(time="some day"), SHORT.format(time="2 Mar 2024 10:00")
    broken = good.replace("<description>", "<description>AT&T <unknown> & ")
    cut = RSS.format(items=bad + good + broken + WHOLE + good[:60]).partition("</channel>")[0]
    imported = read(cut)
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (1, "'some day' cannot be read as a time"),
        (5, "the feed breaks off within this entry"),
    ]
    assert len(imported.posts) == 3


def test_many_items_are_read_some_at_a_time(read):
    items = "".join(SHORT.format(time="2 Mar 2024 10:00").replace("/2<", f"/{number}<") for number in range(250))
    imported = read(RSS.format(items=items))
    assert len({post.native_id for post in imported.posts}) == 250
    assert len(imported.channels) == 1
    assert imported.inputs[0].rows_read == 250


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_feed_is_refused_unread_when_its_entities_would_explode(read, encoding, monkeypatch):
    monkeypatch.delattr("data_access.importers.feed.feedparser.parse")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    feed = RSS.format(items=WHOLE.replace("short", "&l9;")).partition("?>")[2]
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>{feed}'
    imported = read(bomb, encoding)
    assert imported.posts == []
    assert [refusal.reason for refusal in imported.refusals] == [
        "the feed declares entities, which can be made to grow without end: it is not read"
    ]


@pytest.mark.realdata
def test_real_feed_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/rss/rss_entries.xml")
    assert (imported.format, len(imported.posts), imported.refusals) == ("feed", 30, [])
    assert len({post.author for post in imported.posts}) == len(
        {account.display_name for account in imported.identities}
    )
