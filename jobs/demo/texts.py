"""What somebody says: a move (praise, question, answer ...) is put into sentences, then into the person's style."""

from dataclasses import dataclass, replace
from random import Random

from jobs.demo.company import CAMPAIGN_TAG, Network
from jobs.demo.grammar import pick, say
from jobs.demo.phrases import events, replies, talk
from jobs.demo.phrases.languages import TONGUES
from jobs.demo.style import Style, apply_style
from jobs.demo.words import Words

POSITIVE, NEUTRAL, NEGATIVE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Move:
    """Something that people do with words: the tone meant, the templates, what may follow."""

    name: str
    tone: int
    frames: tuple[str, ...]
    extras: tuple[str, ...] = ()
    opener_share: float = 0.15


def _moves(*moves: Move) -> dict[str, Move]:
    return {move.name: move for move in moves}


def _replies(*moves: Move) -> dict[str, Move]:
    return {move.name: replace(move, opener_share=0.0) for move in moves}


_GLAD = ("{glad}", "{glad}", "{plain}")
_CROSS = ("{cross}", "{cross}", "{plain}")
MOVES = _moves(
    Move("update", NEUTRAL, ("{update}", "{update}. {plain}", "{update}. {plain}"), ("{plain}",)),
    Move("proud_update", POSITIVE, ("{update}. {glad}", "{glad}. {update}", "{update}, {glad}"), _GLAD),
    Move("praise", POSITIVE, ("{praise}", "{praise}. {glad}", "{praise}. {update}", "{glad}. {praise}"), _GLAD),
    Move("gripe", NEGATIVE, ("{gripe}", "{gripe}. {cross}", "{cross}. {gripe}", "{update}. but {gripe}"), _CROSS),
    Move("complaint", NEGATIVE, talk.COMPLAINT_FRAMES, _CROSS),
    Move("sarcasm", NEGATIVE, talk.SARCASM, ("{tried}",), 0.1),
    Move("question", NEUTRAL, talk.QUESTION_FRAMES, ("{tried}", "{asking}"), 0.1),
    Move(
        "how_to", NEUTRAL, ("{ask}?", "{update}. {ask}?", "{ask}? {plain}", "{plain}. {ask}?"), ("{asking}", "{plain}")
    ),
    Move("tip", NEUTRAL, talk.TIP_FRAMES, ("{plain}",), 0.05),
    Move("idea", NEUTRAL, talk.IDEA_FRAMES, ("{plain}",)),
    Move("compare_good", POSITIVE, talk.COMPARE_GOOD, _GLAD),
    Move("compare_bad", NEGATIVE, talk.COMPARE_BAD, _CROSS),
    Move("compare", NEUTRAL, talk.COMPARE_EVEN, ("{asking}", "{plain}")),
    Move("rival_good", POSITIVE, talk.RIVAL_TALK_GOOD, ("{praise}",)),
    Move("rival_bad", NEGATIVE, talk.RIVAL_TALK_BAD, ("{plain}", "{gripe}")),
    Move("rival", NEUTRAL, talk.RIVAL_TALK_EVEN, ("{plain}", "{asking}")),
    Move("link", NEUTRAL, talk.LINK_FRAMES, ("{plain}",)),
    Move("hello", NEUTRAL, talk.HELLOS, ("{plain}", "{ask}?")),
    Move("review_good", POSITIVE, events.REVIEWS_GLAD),
    Move("review_bad", NEGATIVE, events.REVIEWS_CROSS),
    Move("review", NEUTRAL, events.REVIEWS_PLAIN),
    Move("check_in", NEUTRAL, events.CHECK_INS, ("{plain}",)),
    Move(
        "outage",
        NEGATIVE,
        ("{seen}. {anger}", "{anger}. {seen}", "{seen}, and {anger}", "{seen}. {cross}"),
        ("{anger}",),
    ),
    Move("outage_plain", NEUTRAL, events.OUTAGE_PLAIN, ("{plain}",)),
    Move("campaign", POSITIVE, events.CAMPAIGN, _GLAD),
    Move("campaign_plain", NEUTRAL, events.CAMPAIGN_PLAIN, ("{plain}",)),
    Move("mockery", NEGATIVE, events.MOCKERY, ("{cross}", "{gripe}"), 0.05),
)
REPLIES = _replies(
    Move("same_trouble", NEGATIVE, replies.SAME_TROUBLE, ("{cross}", "{tried}")),
    Move("same_gripe", NEGATIVE, replies.SAME_GRIPE, ("{cross}",)),
    Move("soothe_gripe", NEUTRAL, replies.SOOTHE_GRIPE, ("{plain}",)),
    Move("soothe", NEUTRAL, replies.SOOTHE),
    Move("disagree", POSITIVE, replies.DISAGREE, ("{plain}",)),
    Move("answer", NEUTRAL, replies.ANSWERS, ("{plain}",)),
    Move("me_too", NEUTRAL, replies.ME_TOO_QUESTION, ("{say}",)),
    Move("clarify", NEUTRAL, replies.CLARIFY_FRAMES, ("{plain}",)),
    Move("how_to_answer", NEUTRAL, replies.HOW_TO_ANSWERS, ("{plain}",)),
    Move("cheer", POSITIVE, replies.CHEERS, ("{update}",)),
    Move("detail", NEUTRAL, replies.DETAILS, ("{plain}",)),
    Move("own_story", NEUTRAL, replies.OWN_STORY, ("{plain}",)),
    Move("tip_thanks", POSITIVE, replies.TIP_THANKS, ("{plain}",)),
    Move("tip_doubt", NEUTRAL, replies.TIP_DOUBTS, ("{plain}",)),
    Move("idea_back", POSITIVE, replies.IDEA_BACKING, ("{plain}",)),
    Move("idea_doubt", NEUTRAL, replies.IDEA_DOUBTS, ("{plain}",)),
    Move("comparison", NEUTRAL, replies.COMPARISONS, ("{plain}",)),
    Move("comparison_glad", POSITIVE, replies.COMPARISONS_GLAD, ("{plain}",)),
    Move("comparison_cross", NEGATIVE, replies.COMPARISONS_CROSS, ("{plain}",)),
    Move("outage_same", NEGATIVE, events.OUTAGE_REPLIES, ("{anger}",)),
    Move("mock_back", NEGATIVE, events.MOCK_REPLIES, ("{gripe}",)),
    Move("welcome", POSITIVE, replies.HELLO_BACK, ("{tip}",)),
    Move("small_talk", NEUTRAL, replies.SMALL_TALK),
    Move("worked", POSITIVE, replies.THANKS_WORKED),
    Move("not_yet", NEGATIVE, replies.NOT_YET),
    Move("follow_detail", NEUTRAL, replies.FOLLOW_DETAIL),
    Move("follow_glad", POSITIVE, replies.FOLLOW_GLAD, ("{plain}",)),
    Move("share", NEUTRAL, replies.SHARE_COMMENTS, ("{plain}",)),
)
#: How people answer a move: the replies' names, the likely ones more often.
ANSWERS_TO: dict[str, tuple[str, ...]] = {
    "complaint": ("same_trouble", "same_trouble", "soothe", "soothe", "clarify", "disagree"),
    "gripe": ("same_gripe", "same_gripe", "soothe_gripe", "soothe_gripe", "detail"),
    "question": ("answer", "answer", "answer", "answer", "me_too", "clarify"),
    "how_to": ("how_to_answer", "how_to_answer", "how_to_answer", "detail", "small_talk"),
    "update": ("cheer", "cheer", "detail", "own_story", "own_story", "small_talk"),
    "proud_update": ("cheer", "cheer", "cheer", "detail", "own_story"),
    "praise": ("cheer", "cheer", "detail", "own_story", "small_talk"),
    "tip": ("tip_thanks", "tip_thanks", "tip_doubt", "own_story", "small_talk"),
    "idea": ("idea_back", "idea_back", "idea_doubt"),
    "hello": ("welcome", "welcome", "detail"),
    "outage": ("outage_same",),
    "outage_plain": ("outage_same",),
    "mockery": ("mock_back",),
    "link": ("small_talk", "own_story", "detail"),
}
_COMPARISON = ("comparison", "comparison", "comparison_glad", "comparison_cross")
_ELSE = ("cheer", "own_story", "small_talk", "detail")
_ON_TROUBLE = ("answer", "soothe", "same_trouble")
_SHORT = 44
_WITH_QUESTION_TITLE = ("question", "how_to", "complaint")


def answers_to(move: str) -> tuple[str, ...]:
    """The names of the replies that people give to a move."""
    if move.startswith(("compare", "rival")):
        return _COMPARISON
    return ANSWERS_TO.get(move, _ELSE)


def answers_inside(move: str) -> tuple[str, ...]:
    """The names of the replies that people give further down in a conversation that a move started."""
    if move.startswith(("outage", "mock")):
        return answers_to(move)
    return (
        ("clarify", "me_too", "answer") if move in ("question", "complaint") else ("small_talk", "own_story", "detail")
    )


def follow_ups_to(move: str) -> tuple[str, ...]:
    """The names of what the author of a conversation answers to a reply."""
    if move in ("answer", "soothe"):
        return ("worked", "worked", "not_yet", "follow_detail")
    return ("follow_glad",) if move in ("cheer", "idea_back", "welcome", "tip_thanks") else ("follow_detail",)


def write(
    move: Move, words: Words, style: Style, network: Network, rng: Random, *, lead: str = "", tail: str = ""
) -> str:
    """One text: ``lead`` goes before it, ``tail`` (a link, a tag) after; cut to what the network takes."""
    draw = rng.random
    text = lead + _sentences(move, words, style, rng, may_open=not lead)
    text = apply_style(text, style, move.tone, rng)
    if network.has_tags and style.tag_share and draw() < style.tag_share:
        text += " " + pick(words.topic.hashtags if draw() < 0.6 else talk.EXTRA_TAGS, draw)
    if tail:
        text += " " + tail
    return fit(text, network.longest_text, tail)


def _sentences(move: Move, words: Words, style: Style, rng: Random, *, may_open: bool) -> str:
    draw = rng.random
    text = say(words.choose(move.frames), words, draw)
    if may_open and draw() < move.opener_share:
        text = f"{words['opener']}: {text}" if draw() < 0.5 else f"{words['opener']}, {text}"
    wanted = style.extra_sentences * (1.0 if move.opener_share else 0.45)
    wanted = wanted if len(text) > _SHORT else 1.0
    while move.extras and draw() < wanted:
        slot = pick(move.extras, draw)
        words.pop(slot[1:].split("}")[0], None)
        extra = say(slot, words, draw)
        if extra not in text:
            text += (" " if text[-1] in ".?!" else ". ") + extra
        wanted -= 0.7
    return text


def fit(text: str, longest: int, tail: str = "") -> str:
    """``text`` in at most ``longest`` characters: whole sentences where that is possible.

    >>> fit("One two. Three four.", 12)
    'One two.'
    """
    if len(text) <= longest:
        return text
    room = longest - len(tail) - 1 if tail else longest
    body = text[: -len(tail) - 1] if tail else text
    cut = max(body.rfind(mark, 0, room) for mark in (". ", "? ", "! "))
    body = body[: cut + 1] if cut > longest // 3 else body[: room - 1].rsplit(" ", 1)[0] + "…"
    return f"{body} {tail}" if tail else body


def write_foreign(language: str, move: str, words: Words, style: Style, network: Network, rng: Random) -> str:
    """A text in German, Spanish or French: praise, update, complaint or question."""
    tongue, draw = TONGUES[language], rng.random
    context = {
        "plant": pick(tongue.plants, draw),
        "place": pick(tongue.places, draw),
        "weekday": pick(tongue.weekdays, draw),
        "product": words["product"],
        "order": words["order"],
    }
    pools = {"praise": tongue.glad, "update": tongue.plain, "complaint": tongue.cross, "question": tongue.asks}
    text = say(pick(pools[move], draw), context, draw)
    if draw() < 0.85:
        text = f"{text} {say(pick(tongue.notes, draw), context, draw)}"
    if style.is_lowercase:
        text = text.lower()
    if network.has_tags and draw() < style.tag_share:
        text += " " + pick(tongue.hashtags, draw)
    return fit(text, network.longest_text)


def reply_lead(move: str, words: Words, network: Network, rng: Random) -> str:
    """How a reply starts: often with whom it is for."""
    draw = rng.random
    lead = say(pick(replies.TROUBLE_LEADS if move in _ON_TROUBLE else replies.LEADS, draw), words, draw)
    return lead if network.has_tags or not lead.startswith("@") else ""


def title(move: str, words: Words, rng: Random) -> str:
    """The title of a topic, where a network has titles."""
    draw = rng.random
    if move.startswith("outage"):
        options: tuple[str, ...] = (
            "Offline since {hour}",
            "Outage in {city}?",
            "{product} offline",
            "Cloud down, {plant} dry",
            "{hour}:{nn}, no connection",
        )
    elif move in _WITH_QUESTION_TITLE:
        options = (
            "{label}",
            "{product}: {label}",
            "{label} ({product})",
            "{label} on the {product}",
            "{label}, {city}",
        )
    else:
        options = (
            "{plant} in the {place}",
            "{plant}, {product}",
            "{product}: {plant}",
            "{plant} in {month}",
            "week {n}: {plant}",
        )
    text = say(pick(options, draw), words, draw)
    return text[0].upper() + text[1:]


def campaign_tail(rng: Random) -> str:
    """The campaign's hashtag as people type it."""
    return CAMPAIGN_TAG if rng.random() < 0.8 else CAMPAIGN_TAG.lower()
