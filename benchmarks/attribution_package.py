"""Runs in the environment of the package ``ChannelAttribution``, which is no part of Rapport: reads paths with counts as
CSV from the file named first, writes its credits and seconds as JSON to the one named second."""

import json
import sys
import time

import pandas as pd
from ChannelAttribution import heuristic_models, markov_model

COLUMNS = ("path", "conversions", "value")


def main() -> None:
    """Run the heuristic models, and Markov of order 1 as it comes: simulated until its results hardly move."""
    paths = pd.read_csv(sys.argv[1])
    began = time.perf_counter()
    heuristics = heuristic_models(paths, *COLUMNS, flg_pro=False)
    between = time.perf_counter()
    markov = markov_model(paths, *COLUMNS, var_null="nulls", flg_pro=False, verbose=False)
    ended = time.perf_counter()
    credit = heuristics.merge(markov, on="channel_name").set_index("channel_name")
    found = {"heuristics_seconds": between - began, "markov_seconds": ended - between, "credit": credit.to_dict()}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
