"""Mailboxes: one post a mail, in its writer's own words, below what it answers."""

import datetime as dt

import pytest

from data_access.importers.reading.own_words import own_words

MAILS = b"""From ann at example.org  Fri Mar  1 10:00:00 2024
From: ann at example.org (Ann =?ISO-8859-1?Q?M=FCller?=)
Date: Fri, 01 Mar 2024 10:00:00 +0100
Subject: [Lamps] The switch is
 stuck
Message-ID: <1@example.org>

Is it only mine?
>From here it looks broken.
--\x20
Ann

From bob@example.org Fri Mar  1 11:00:00 2024
From: "Lee, Bob" <Bob@Example.org>
Date: Fri, 01 Mar 2024 11:30:00 -0000 (GMT)
Subject: Re: [Lamps] The switch is stuck
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>
References: <1@example.org>
List-Id: Talk of lamps <lamps.example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="x"

--x
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

On Fri, 1 Mar 2024 at 10:00, Ann wrote:
> Is it only mine?

No, at the caf=E9 too.
--x
Content-Type: text/html

<p>No</p>
--x--

From eve@example.org Fri Mar  1 12:00:00 2024
From: eve@example.org
Date: someday
Subject: [Lamps] Hi

Hi

From eve@example.org Fri Mar  1 12:00:00 2024
From: eve@example.org
Date: Sat, 2 Mar 2024 08:00:00 +0000
Subject: Re: A new one
References: <1@example.org> <2@example.org>
Content-Type: text/html; charset=utf-8

<p>Caf\xc3\xa9 &amp; bar</p>
"""


@pytest.fixture
def mails(tmp_path, importing):
    (tmp_path / "export").write_bytes(MAILS)
    return importing(tmp_path / "export")


def test_mails_become_posts_below_what_they_answer(mails):
    assert mails.format == "mbox"
    first, second, third = mails.posts
    assert (first.native_id, first.author, first.kind, first.parent) == (
        "1@example.org", "ann@example.org", "post", None
    )  # fmt: skip
    assert first.text == "Is it only mine?\nFrom here it looks broken."
    assert first.occurred_at == dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
    assert (second.text, second.author, second.parent) == ("No, at the café too.", "bob@example.org", "1@example.org")
    assert second.occurred_at == dt.datetime(2024, 3, 1, 11, 30, tzinfo=dt.UTC)
    assert (third.text, third.parent, third.root) == ("Café & bar", "2@example.org", "1@example.org")
    assert [post.likes for post in mails.posts] == [None, None, None]


def test_subject_is_the_title_when_it_is_news(mails):
    assert [post.title for post in mails.posts] == ["[Lamps] The switch is stuck", None, "Re: A new one"]


def test_channel_is_the_list_when_a_header_names_it_and_else_the_usual_tag(mails):
    assert [post.channel for post in mails.posts] == ["Lamps", "lamps.example.org", "Lamps"]


def test_senders_are_known_by_address_when_the_archive_hides_it(mails):
    ann, bob = mails.identity("ann@example.org"), mails.identity("bob@example.org")
    assert (ann.display_name, ann.email, ann.email_verified) == ("Ann Müller", "ann@example.org", None)
    assert (bob.display_name, bob.observed_at) == ("Lee, Bob", mails.posts[1].occurred_at)


def test_mail_is_refused_with_its_line_when_its_date_is_broken(mails):
    (refusal,) = mails.refusals
    assert refusal.line == MAILS[: MAILS.index(b"From eve")].count(b"\n") + 1
    assert "'someday' cannot be read as a time" in refusal.reason
    assert "Subject: [Lamps] Hi" in refusal.raw


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Yes.\n\n> Is it?\n\nAnd more.", "Yes.\n\nAnd more."),
        ("2016-04-14 11:06 GMT+02:00 Ann Lee <a at b.example>:\n\n> Hi\nFine", "Fine"),
        ("I have two questions:\n> Is it?\nYes", "I have two questions:\nYes"),
        ("Yes.\n-----Original Message-----\nFrom: Ann\nNo", "Yes."),
        ("Yes.\n____________________________________\nLamps mailing list", "Yes."),
        ("-- \n" + "a line\n" * 20, "--\n" + "\n".join(["a line"] * 20)),
        ("Thanks,\nAnn", "Thanks,\nAnn"),
        ("Options:\n-a one\n--force\n\n--\nBob", "Options:\n-a one\n--force"),
        ("> only quoted", ""),
    ],
)
def test_own_words_are_kept_and_nothing_else(text, kept):
    assert own_words(text) == kept


@pytest.mark.realdata
def test_real_list_is_all_imported(real_data, importing):
    imported = importing(real_data / "native/hyperkitty")
    assert {found.format for found in imported.inputs} == {"mbox"}
    assert (len(imported.posts), len(imported.refusals)) == (4, 0)
    assert len({channel.native_id for channel in imported.channels}) == 1
    ids = {post.native_id for post in imported.posts}
    assert [post.parent in ids for post in imported.posts] == [False, True, True, False]
    assert not any(line.startswith(">") for post in imported.posts for line in post.text.splitlines())
