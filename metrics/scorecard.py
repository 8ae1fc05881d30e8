"""Indicators of Altimeter Group and Web Analytics Demystified, *Social Marketing Analytics* (2010)."""

from metrics.ratios import ratio


def share_of_voice(ours: int, competitors: int) -> float:
    """Mentions of our brands (or the people who name them, or the reach of those posts) / the same of ours and the
    competitors'. 0 to 1; NaN where nobody is talked about. A post that names two brands counts for both. Falling while
    mentions grow: the market is talked about more, and we have a smaller part in it.

    >>> share_of_voice(30, 90)
    0.25
    """
    return ratio(ours, ours + competitors)


def topic_trend(mentions: int, all_mentions: int) -> float:
    """Mentions of a topic / mentions of all topics. 0 to 1; NaN where no topic is mentioned. A post that is about two
    topics mentions both. Rising: more of the talk turns to it; look at what people say about it.

    >>> topic_trend(20, 80)
    0.25
    """
    return ratio(mentions, all_mentions)
