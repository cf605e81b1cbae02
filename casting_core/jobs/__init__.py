"""Long work in processes of its own: the line it waits in, its start, its pulse, and its events for many readers."""
