"""The race: wf beside the limit of the machine and beside what people use."""
