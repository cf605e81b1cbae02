"""How the tables came to be what they are, step by step; ``upgrade`` in the module beside it walks these steps."""

HEAD = "0006"  # the newest step; known without reading them all, so that most starts need not
