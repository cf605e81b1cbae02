"""What a network is shown: photos, their views, augmentation, batches, and a curriculum: what is learned when."""
