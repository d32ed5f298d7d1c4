"""The pages of the pretend store: what a merchant and what a shopper would see."""
