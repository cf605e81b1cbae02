"""What people decide about photos, and a dataset as they decided it."""
