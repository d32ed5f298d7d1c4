"""A pretend mail world: takes every mail sent to it, shows it on a page, and answers as the customer would."""
