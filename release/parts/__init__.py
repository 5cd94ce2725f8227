"""The parts of a release: one module for each kind of file that is made, or for each step."""
