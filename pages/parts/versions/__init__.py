"""Two versions beside each other.

comparison_view  numbers class by class, the castings they differ about, and what the gate says
"""
