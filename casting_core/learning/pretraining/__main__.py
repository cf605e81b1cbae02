"""The command that teaches anew what networks know before the first photo: ``make pretrained``."""

from casting_core.learning.pretraining.generic import main

main(prog_name="python -m casting_core.learning.pretraining")
