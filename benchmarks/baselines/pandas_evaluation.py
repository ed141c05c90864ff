"""The evaluation as an analyst would write it: read Parquet, merge, group, classify. Prints its CPU seconds.

python pandas_evaluation.py FACTS TARGETS DAY SHARE
"""

import sys
import time

import pandas as pd


def main() -> None:
    facts_path, targets_path, day, share = sys.argv[1:5]
    begun = time.process_time()
    facts = pd.read_parquet(facts_path)
    targets = pd.read_parquet(targets_path)
    facts = facts[pd.to_datetime(facts["day"]) <= pd.Timestamp(day)]
    actual = (
        facts.merge(targets, on=["person", "metric"])
        .groupby(["person", "metric"], as_index=False)["value"]
        .sum()
    )
    board = targets.merge(actual, on=["person", "metric"], how="left").fillna({"value": 0})
    ratio = board["value"] / (board["base"] * float(share))
    board["light"] = "green"
    board.loc[ratio < 0.7, "light"] = "yellow"
    board.loc[ratio < 0.5, "light"] = "red"
    counts = board["light"].value_counts()
    print(time.process_time() - begun, dict(counts))


if __name__ == "__main__":
    main()
