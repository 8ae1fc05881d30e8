"""GitHub's API: issues, pull requests, their comments and reviews, people and repositories.

A post's id is ``owner/repo#number``, a comment's ``owner/repo#issuecomment-id``. People are the same in every
repository: the source is the host (github.com, or a company's own), the channel the repository.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.json_records import JsonRecords, read_items
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_email, read_id, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, handle_id

NETWORK = "github"
_TEAM = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_NOT_LIKES = frozenset({"-1", "confused", "total_count", "url"})
_REACTIONS = frozenset({"+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"})
_API_PLACE = re.compile(r"/repos/([^/]+/[^/]+)/(?:issues|pulls)/(\d+)$")
_PAGE_PLACE = re.compile(r"https?://([^/]+)/([^/]+/[^/]+)/(?:issues|pull)/(\d+)(?:[#/].*)?$")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MENTION = re.compile(r"(?<![\w@/.+-])@([A-Za-z\d](?:[A-Za-z\d-]{0,38}))(?![\w/-])")

Json = Mapping[str, Any]


def _place(address: Any) -> tuple[str, str, str]:
    """The host, ``owner/repo`` and number of the page of an issue, pull request or comment."""
    match = _PAGE_PLACE.match(address) if isinstance(address, str) else None
    if match is None:
        raise Damaged("has no html_url of an issue or pull request")
    return match[1], match[2], match[3]


def _page(item: Json) -> Any:
    """The address of an object's page, which some answers keep among the links only."""
    return item.get("html_url") or ((item.get("_links") or {}).get("html") or {}).get("href")


def shown_text(body: Any) -> str:
    """A body as people see it: without the comments of issue templates, which are for who fills them in."""
    return _UNSEEN.sub("", body).strip() if isinstance(body, str) else ""


class _Items:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._skipped = sample.content.progress.skipped

    def records(self, item: Json) -> Iterator[Record]:
        """What comes of an object, by its kind."""
        kind = _kind(item)
        if kind == "issue":
            yield from self._issue(item)
        elif kind == "comment":
            yield from self._comment(item)
        elif kind == "person":
            yield from self._said.news(self._person(item))
        elif kind == "repository":
            yield from self._said.news(self._repository(item))
        elif kind is None:
            raise Damaged("is no issue, pull request, comment, review, person or repository")
        else:
            self._skipped[kind] += 1

    def _issue(self, item: Json) -> Iterator[Record]:
        host, repository, number = _place(_page(item))
        post = self._post(item, host, repository, f"{repository}#{number}")
        counts = [read_count(item.get(name)) for name in ("comments", "review_comments")]
        post.title = str(item["title"])
        post.replies = None if counts[0] is None else sum(count or 0 for count in counts)
        yield from self._announced(item, post)

    def _comment(self, item: Json) -> Iterator[Record]:
        host, repository, number = _place(_page(item))
        api_place = _API_PLACE.search(str(item.get("issue_url") or item.get("pull_request_url") or ""))
        root = f"{repository}#{api_place[2] if api_place else number}"
        if "state" in item and not shown_text(item.get("body")):
            self._skipped["review without words"] += 1
            return
        post = self._post(item, host, repository, f"{repository}#{_comment_name(item)}")
        answered = read_id(item.get("in_reply_to_id"))
        post.kind = "comment"
        post.parent = root if answered is None else f"{repository}#discussion_r{answered}"
        post.root = root
        yield from self._announced(item, post)

    def _post(self, item: Json, host: str, repository: str, native_id: str) -> PostRecord:
        user = item.get("user") or {}
        text = shown_text(item.get("body"))
        author = read_id(user.get("id"))
        own = str(user.get("login", "")).lower()
        names = dict.fromkeys(_MENTION.findall(_CODE.sub(" ", text)))
        return PostRecord(
            network=NETWORK,
            source=host,
            native_id=native_id,
            channel=repository,
            occurred_at=required(self._times.read(item.get("created_at") or item.get("submitted_at")), "created_at"),
            author=author,
            text=text,
            url=_page(item),
            root=native_id,
            mentions=tuple(handle_id(name) for name in names if name.lower() != own),
            likes=_likes(item.get("reactions")),
        )

    def _announced(self, item: Json, post: PostRecord) -> Iterator[Record]:
        channel = ChannelRecord(
            NETWORK, post.source, post.channel, post.channel, url=f"https://{post.source}/{post.channel}"
        )
        yield from self._said.news(channel)
        if post.author is not None:
            person = self._person(item["user"])
            person.is_team = True if item.get("author_association") in _TEAM else None
            yield from self._said.news(person)
        yield post

    def _person(self, user: Json) -> IdentityRecord:
        return IdentityRecord(
            network=NETWORK,
            source=urlsplit(str(user.get("html_url") or "")).hostname or "github.com",
            native_id=required(read_id(user["id"]), "id"),
            handle=user["login"],
            display_name=user.get("name") or None,
            email=read_email(user.get("email")),
            bio=user.get("bio") or None,
            url=user.get("html_url") or None,
            location=user.get("location") or None,
            organization=(user.get("company") or "").lstrip("@").strip() or None,
            followers=read_count(user.get("followers")),
            is_bot={"Bot": True, "User": False}.get(user.get("type", "")),
            observed_at=self._times.read(user.get("updated_at")),
        )

    @staticmethod
    def _repository(item: Json) -> ChannelRecord:
        host = urlsplit(str(item["html_url"])).hostname or "github.com"
        return ChannelRecord(NETWORK, host, item["full_name"], item["full_name"], url=item["html_url"])


def _comment_name(item: Json) -> str:
    """What GitHub calls a comment in addresses: reviews, remarks on code and other comments are numbered apart."""
    number = required(read_id(item["id"]), "id")
    if "state" in item:
        return f"pullrequestreview-{number}"
    return f"discussion_r{number}" if "pull_request_url" in item else f"issuecomment-{number}"


def _likes(reactions: Any) -> int | None:
    """Reactions that approve, laugh or look on; a thumb down and a puzzled face are no likes."""
    if not isinstance(reactions, Mapping):
        return None
    return sum(int(count) for name, count in reactions.items() if name not in _NOT_LIKES)


def _kind(item: Any) -> str | None:
    """What an object of GitHub's is; what holds nothing for us by the reason why it is passed over."""
    if not isinstance(item, Mapping):
        return None
    if not item:
        return "account that is gone"
    has = item.keys()
    if {"number", "title", "html_url", "comments_url"} <= has:
        return "issue"
    if {"body", "id"} <= has and {"issue_url", "pull_request_url"} & has and _page(item):
        return "comment"
    if {"login", "id", "html_url", "type", "repos_url"} <= has:
        return "person"
    if {"full_name", "html_url", "issues_url", "owner"} <= has:
        return "repository"
    if {"content", "user", "created_at"} <= has and item["content"] in _REACTIONS:
        return "reaction that does not say to what"
    if {"sha", "commit", "parents"} <= has:
        return "commit, not a post"
    return "organisation, not a person" if {"login", "members_url", "repos_url"} <= has else None


def _paths(sample: Sample) -> list[str] | None:
    """Where the objects are in the document; None where it is none of GitHub's."""
    document = sample.document
    if isinstance(document, list):
        return ["item"] if document and document[0] and _kind(document[0]) else None
    if not isinstance(document, Mapping):
        return None
    if document and _kind(document):
        return [""]
    for name in ("items", "users"):  # an answer to a search; those asked to review
        inner = document.get(name)
        if isinstance(inner, list) and inner and _kind(inner[0]):
            return [f"{name}.item"]
    return None


def _matches(sample: Sample) -> bool:
    return _paths(sample) is not None or bool(sample.document is None and sample.objects and _kind(sample.objects[0]))


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    items = _Items(sample, options.zone)
    paths = _paths(sample)
    if paths is None and isinstance(sample.table, JsonRecords):
        yield from records_of_rows(sample.read_objects(), items.records)
    for path in paths or ():
        yield from records_of_rows(read_items(sample.content, path), items.records)


FORMAT = Format(
    name="github",
    label="GitHub issues and comments",
    description="JSON of GitHub's API: issues, pull requests, comments, reviews, people, repositories.",
    matches=_matches,
    read=_read,
)
