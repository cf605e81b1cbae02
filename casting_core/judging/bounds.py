"""What a share of right verdicts proves: exact bounds, with castings as trials, for copies of one prove nothing new."""

from math import ceil, floor


def bounds(right: float, castings: int) -> tuple[float, float]:
    """Between which shares the true one lies, with 95 % confidence (Clopper and Pearson 1934).

    ``right`` is the share of photos judged rightly, 0 to 1, and so many ``castings`` are behind it. Each casting is one
    trial; where the share does not come to a whole number of them, the lower bound is that of the number below it and
    the upper that of the number above. No casting proves nothing: 0 to 1.
    """
    if castings < 1:
        return 0.0, 1.0
    from scipy.stats import binomtest  # a second that the first page needs not

    fewest, most = floor(right * castings + 1e-9), ceil(right * castings - 1e-9)
    low = binomtest(fewest, castings).proportion_ci(0.95, method="exact").low
    high = binomtest(most, castings).proportion_ci(0.95, method="exact").high
    return float(low), float(high)
