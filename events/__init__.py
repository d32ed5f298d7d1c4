"""The log of what happened, the reactions to it, and the notices to people."""
