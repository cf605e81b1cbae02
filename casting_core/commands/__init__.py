"""What the command line can do: one module per room, and how all of them speak to the terminal."""
