"""Parts without a word of the helpdesk's domain; they may be lifted into another product unchanged."""
