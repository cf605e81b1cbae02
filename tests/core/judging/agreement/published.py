"""The published attribute study (AIAG, Measurement Systems Analysis, 4th edition 2010, chapter III section C).

50 parts, appraisers A, B and C, three trials each. There 1 is an acceptable part and 0 one that is not.
"""

import numpy as np

from casting_core.judging.agreement.answers import Answers

CLEAR_BAD = (3, 4, 5, 9, 25, 37, 39, 42, 45, 48, 50)  # called 0 by everybody, every time
MIXED = {  # A, B, C and the reference
    6: ("110", "110", "100", "1"),
    7: ("111", "111", "101", "1"),
    12: ("000", "000", "010", "0"),
    14: ("110", "111", "100", "1"),
    21: ("110", "101", "010", "1"),
    22: ("001", "010", "110", "0"),
    26: ("010", "000", "001", "0"),
    30: ("000", "001", "000", "0"),
    34: ("001", "001", "011", "0"),
    36: ("110", "111", "101", "1"),
    43: ("101", "111", "110", "1"),
}


def answers() -> Answers:
    """The study in our words: 0 ok, 1 defective."""
    rows = []
    for part in range(1, 51):
        same = "0" if part in CLEAR_BAD else "1"
        rows.append(MIXED.get(part, (same * 3, same * 3, same * 3, same)))
    given = np.array([[[1 - int(one) for one in row[who]] for row in rows] for who in range(3)], dtype=np.int8)
    reference = np.array([1 - int(row[3]) for row in rows], dtype=np.int8)
    return Answers(
        parts=tuple(str(part) for part in range(1, 51)), appraisers=("A", "B", "C"), given=given, reference=reference
    )
