"""Indicators of Altimeter Group and Web Analytics Demystified, *Social Marketing Analytics* (2010)."""

from metrics.ratios import ratio


def share_of_voice(ours: int, competitors: int) -> float:
    """Posts about our brands / posts about ours and the competitors'. 0 to 1; NaN where nobody is talked about.

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
