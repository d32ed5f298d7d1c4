"""Password hashing for tests: the real algorithm at a cost that hundreds of people of the cast can bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Other processes (a web server in a journey) verify its hashes with the product's own hasher."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
