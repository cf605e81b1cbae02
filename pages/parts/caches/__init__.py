"""What pages read again and again, kept once for all visitors."""
