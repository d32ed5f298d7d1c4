"""E-mail: understands what strangers send, writes what we send. Knows no database and no settings."""
