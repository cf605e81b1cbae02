"""What is learned before the first photo (generic), and of a product before the first epoch (product)."""
