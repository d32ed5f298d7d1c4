"""What comes in from outside, a module for each capability."""
