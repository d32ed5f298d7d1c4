"""Shops and other systems we call: facts about their customers and orders, and the note we share with them."""
