"""Tables as text (CSV): reading what people send, writing what spreadsheets may open."""
