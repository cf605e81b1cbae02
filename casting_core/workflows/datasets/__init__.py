"""Datasets: importing, removing, their castings, and splits that keep a casting whole."""
