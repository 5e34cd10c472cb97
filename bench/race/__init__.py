"""The race: wf against the limit of the machine and against other programs."""
