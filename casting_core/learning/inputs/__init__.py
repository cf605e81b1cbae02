"""What a network is shown: photos, their views, augmentation, batches, and how much of what comes when."""
