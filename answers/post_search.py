"""Posts that say some words: the newest first, under every other condition of a list of posts."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd
from sqlmodel import Session

from data_access.queries.post_search import list_hits, parse_words
from data_access.queries.posts import PostConditions, list_posts

#: How many posts with the words are looked at for a page of them, where other conditions leave most of them out.
MOST_LOOKED_AT = 20_000
_FIRST, _MOST_AT_ONCE = 200, 4_000


@dataclass(frozen=True)
class FoundPosts:
    """``rows``: columns of ``data_access.queries.posts.list_posts``. ``looked_until``: time and id of the oldest post
    looked at, where that were ``MOST_LOOKED_AT`` and there may be more; else None."""

    rows: pd.DataFrame = field(repr=False)
    looked_until: tuple[datetime, int] | None = None


def find_posts(session: Session, words: str, conditions: PostConditions, *, limit: int = 50) -> FoundPosts:
    """The newest ``limit`` posts that say ``words`` (as ``parse_words`` reads them) and meet ``conditions``. Posts that
    were deleted on their network are left out."""
    wanted = parse_words(words)
    found = [list_posts(session, replace(conditions, ids=()), limit=1)]
    looked_at, before, many = 0, conditions.before, max(_FIRST, limit)
    while looked_at < MOST_LOOKED_AT:
        hits = list_hits(session, wanted, since=conditions.since, until=conditions.until, before=before, limit=many)
        if hits:
            found.append(_keep(session, conditions, [post_id for _, post_id in hits], limit - sum(map(len, found))))
        if len(hits) < many or sum(map(len, found)) >= limit:
            return FoundPosts(_together(found))
        looked_at, before, many = looked_at + many, hits[-1], min(many * 4, _MOST_AT_ONCE)
    return FoundPosts(_together(found), before)


def _keep(session: Session, conditions: PostConditions, ids: list[int], limit: int) -> pd.DataFrame:
    """Those of ``ids`` that meet the conditions, in that order."""
    rows = list_posts(session, replace(conditions, ids=ids, before=None), limit=len(ids))
    place = {post_id: number for number, post_id in enumerate(ids)}
    return rows.sort_values("post_id", key=lambda held: held.map(place), ignore_index=True).head(limit)


def _together(found: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [rows for rows in found if not rows.empty]
    return pd.concat(filled, ignore_index=True) if filled else found[0]
