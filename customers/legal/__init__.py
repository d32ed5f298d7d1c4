"""Legal, tax and bank numbers: which ones a country has, and what is wrong with one that was typed (F30, D18)."""
