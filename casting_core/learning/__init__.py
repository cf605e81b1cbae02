"""From photos to a network: recipes, batches, training, and runs as processes of their own."""
