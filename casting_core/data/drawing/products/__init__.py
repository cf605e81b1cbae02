"""The drawn products: each with its plan (what varies) and how it is drawn.

bracket        a bracket as the sand mould left it
bracket_plan   where everything lies on it
impeller       the impeller of a pump, cast and turned
impeller_plan  where everything lies on it
"""
