"""What every page shares: frame, session, guards, how things look, text from outside made harmless."""
