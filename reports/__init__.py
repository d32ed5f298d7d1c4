"""Reports: what the team did, in numbers; reads only."""
