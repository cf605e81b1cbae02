"""The charts, as plotly figures."""
