"""One person, many accounts: which accounts are one person's for certain, and how likely others are.

``certain_pairs`` goes by rules, ``score_pairs`` weighs what two accounts have in common (Fellegi-Sunter, by Splink)
with ``default_model`` or one that ``fit_model`` learnt from the accounts at hand. ``cluster_accounts`` makes persons of
the pairs.
"""

from metrics.matching_certain import certain_pairs
from metrics.matching_clusters import cluster_accounts
from metrics.matching_fit import fit_model
from metrics.matching_model import default_model
from metrics.matching_score import match_probability, score_pairs

__all__ = ["certain_pairs", "cluster_accounts", "default_model", "fit_model", "match_probability", "score_pairs"]
