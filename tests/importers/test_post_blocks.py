"""Posts read in blocks are what they are row by row."""

from pathlib import Path

import pytest

from data_access.importers import ImportOptions, Input, find_inputs
from data_access.importers.tables import post_blocks
from data_access.records import PostRecord, Refusal

HEADER = "id,author,name,network,created_at,text,title,in_reply_to_id,likes,type,channel,brand\n"
PLAIN = "{n},ann,Ann {n},Twitter,2025-05-27T00:05:47+00:00,hello @bob &amp; co {n},,,{n},post,lounge,Acme\n"
ODD = [
    "1,ann,Ann,,not a time,said,,,1,post,lounge,\n",
    "2,ann,Ann,,2025-05-27 10:00,,,,1,post,lounge,\n",
    "3,1.2E+17,Ann,,2025-05-27 10:00,rounded author,,,1,post,lounge,\n",
    "4.0,3.0,Ann,,2025-05-27 10:00,as floats,,3.0,many,post,lounge,\n",
    ",ann,Ann,,2025-05-27 10:00,no id,,,1,retweet,,\n",
    ",ann,Ann,,2025-05-27 10:00,no id,,,1,retweet,,\n",
    "5,,,reddit,2025-05-27 10:00,,only a title,1,,,r/lamps,\n",
    '6,ann,Ann,,2025-05-27 10:00,"two\nlines",,,"1,234",post,lounge,\n',
    "7,ann,Ann,,2025-05-27 10:00,more cells,,,1,post,lounge,,more,still\n",
    "8,ann,Ann,,2025-05-27 10:00,fewer cells\n",
    "\n",
    '9,ann,Ann,,2025-05-27 10:00,"never closed,,,1,post,lounge,\n',
]


def _input(folder: Path, rows: list[str], options: ImportOptions) -> Input:
    file = folder / "posts.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    found = next(iter(find_inputs([file], options)))
    assert isinstance(found, Input)
    return found


@pytest.mark.parametrize(
    "options",
    [
        ImportOptions(),
        ImportOptions(
            brand="Own", channel="all", team=("ann",), mapping={"language": "=en"}, time_zone="Europe/Berlin"
        ),
        ImportOptions(mapping={"text": "title + text", "channel": "@file"}),
    ],
)
@pytest.mark.parametrize("odd_at", [None, 0, 7, 40])
def test_blocks_hold_what_rows_give_when_some_are_odd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: ImportOptions, odd_at: int | None
) -> None:
    monkeypatch.setattr(post_blocks, "BLOCK_ROWS", 20)
    monkeypatch.setattr(post_blocks, "_PART_ROWS", 4)
    rows = [PLAIN.format(n=number) for number in range(100, 160)]
    if odd_at is not None:
        rows[odd_at:odd_at] = ODD
    found = _input(tmp_path, rows, options)
    one_by_one = list(found.read())
    counted = (found.rows_read, dict(found.rows_skipped))
    assert [record for block in found.read_blocks() for record in block] == one_by_one
    assert (found.rows_read, dict(found.rows_skipped)) == counted
    assert any(isinstance(record, Refusal) for record in one_by_one) == (odd_at is not None)


def test_blocks_are_read_at_once_when_nothing_is_odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _input(tmp_path, [PLAIN.format(n=number) for number in range(30)], ImportOptions())
    monkeypatch.setattr("data_access.importers.tables.posts.PostRows.records", None)
    blocks = list(found.read_blocks())
    assert sum(isinstance(record, PostRecord) for block in blocks for record in block) == 30
