"""How a link to look is written in an address; apart, for the server knows it before it loads anything else."""

PARAMETER = "link"  # what its token is called
