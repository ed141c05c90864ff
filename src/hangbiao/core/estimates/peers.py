"""Medians within groups of alike units, for a million units at once."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# A median of fewer says more about those few than about the group.
FEWEST = 4


def group_median(values: Floats, groups: Ints) -> Floats:
    """For every unit the median of its group's known values; a group with fewer than four takes everybody's."""
    known = ~np.isnan(values)
    everybody = float(np.median(values[known])) if known.any() else np.nan
    _, place = np.unique(groups, return_inverse=True)
    count = np.bincount(place[known], minlength=int(place.max(initial=-1)) + 1)
    order = np.lexsort((values[known], place[known]))
    ordered = values[known][order]
    first = np.cumsum(count) - count
    medians = np.full(len(count), everybody)
    enough = count >= FEWEST
    low, high = first + (count - 1) // 2, first + count // 2
    medians[enough] = (ordered[low[enough]] + ordered[high[enough]]) / 2
    return np.asarray(medians[place], dtype=np.float64)


def group_sum(values: Floats, groups: Ints) -> Floats:
    """For every unit (row) the sum of its group's rows; what is not known counts as nothing."""
    _, place = np.unique(groups, return_inverse=True)
    sums = np.zeros((int(place.max(initial=-1)) + 1, *values.shape[1:]), dtype=np.float64)
    np.add.at(sums, place, np.nan_to_num(values))
    return np.asarray(np.take(sums, place, axis=0), dtype=np.float64)


def ratio(part: Floats, whole: Floats) -> Floats:
    """part ÷ whole where both are above zero, NaN elsewhere: a growth has no meaning through zero."""
    fine = (part > 0) & (whole > 0)
    return np.asarray(
        np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=fine), dtype=np.float64
    )
