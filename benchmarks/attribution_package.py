"""Runs in the environment of the package ``ChannelAttribution``, which is no part of Rapport: reads paths with counts
as CSV from the file named first, writes its credits and seconds as JSON to the one named second."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
from ChannelAttribution import heuristic_models, markov_model

COLUMNS = ("path", "conversions", "value")


def best_of_three(model: Callable[..., Any], *given: Any, **options: Any) -> tuple[Any, float]:
    """What ``model`` returns, and the fewest seconds that it took in three runs."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        result = model(*given, **options)
        best = min(best, time.perf_counter() - began)
    return result, best


def main() -> None:
    """Run the heuristic models, and Markov of order 1 as it comes: simulated until its results hardly move."""
    paths = pd.read_csv(sys.argv[1])
    heuristics, heuristics_seconds = best_of_three(heuristic_models, paths, *COLUMNS, flg_pro=False)
    markov, markov_seconds = best_of_three(
        markov_model, paths, *COLUMNS, var_null="nulls", flg_pro=False, verbose=False
    )
    credit = heuristics.merge(markov, on="channel_name").set_index("channel_name")
    found = {"heuristics_seconds": heuristics_seconds, "markov_seconds": markov_seconds, "credit": credit.to_dict()}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
