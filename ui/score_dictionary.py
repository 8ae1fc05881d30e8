"""The dictionary's part on people: what each score says, and by which rule somebody is of a kind."""

from collections.abc import Collection

import pandas as pd
import streamlit as st

from answers.influencers import describe_scores
from answers.profile_influence import describe_kind_rules
from data_access.settings import Settings
from ui.influencers_words import kind_title
from ui.tables import show_table


def find_scores(settings: Settings, words: Collection[str]) -> pd.DataFrame:
    """The scores and kinds of people in whose name or meaning all ``words`` (lower case) are: ``Name``, ``Meaning``,
    ``Source``."""
    scores = describe_scores()[["title", "meaning", "source"]].set_axis(["Name", "Meaning", "Source"], axis=1)
    rules = describe_kind_rules(settings)
    kinds = pd.DataFrame({"Name": [kind_title(kind) for kind in rules], "Meaning": list(rules.values())})
    rows = pd.concat([scores, kinds.assign(Source="Our own definition")], ignore_index=True)
    texts = (rows["Name"] + " " + rows["Meaning"]).str.lower()
    return rows[[all(word in text for word in words) for text in texts]].reset_index(drop=True)


def show_scores(settings: Settings, words: Collection[str]) -> bool:
    """Show those that ``words`` find, closed until somebody opens it; whether there is any."""
    found = find_scores(settings, words)
    if found.empty:
        return False
    with st.expander("Scores and kinds of people", icon=":material/hub:"):
        st.caption(
            "Of the graph of who answers, mentions and shares whom, for the last 28, 90 or 365 days with posts, or all "
            "of them. Team and bots have no scores. Influencers shows them."
        )
        show_table(found, name="scores", alt="What each score and each kind of people means")
    return True
