"""People, workspaces, who may do what."""
