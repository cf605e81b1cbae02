"""The command that trains anew the weights that networks begin with: ``make pretrained``."""

from casting_core.learning.pretraining.generic import main

main(prog_name="python -m casting_core.learning.pretraining")
