"""From photos and a model version to scores, verdicts and figures, and what those prove."""
