"""What `make demo` plays with: programs that stand in for the outside world, reached over HTTP only."""
