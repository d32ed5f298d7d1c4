"""User: a person who can sign in, to one workspace or several."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person. Without a password nobody can sign in until one is set by mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What they may do stands on their memberships."""

    # Stored in lower case, so that equality is a plain indexed comparison.
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    # Counted up to end every session of the person at once.
    session_round = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def mark_sessions_ended(self) -> None:
        """Sign the person out everywhere: each session carries a hash that no longer fits and is dropped when used."""
        User.objects.filter(pk=self.pk).update(session_round=models.F("session_round") + 1)
        self.refresh_from_db(fields=["session_round"])

    def mark_first_password(self, *, name: str, password: str) -> None:
        self.name = self.name or name
        self.set_password(password)
        self.save(update_fields=["name", "password"])

    def get_session_auth_hash(self) -> str:
        """Django's own changes with the password; ours with the round, too."""
        return f"{super().get_session_auth_hash()}.{self.session_round}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under former secret keys."""
        for former in super().get_session_auth_fallback_hash():
            yield f"{former}.{self.session_round}"

    @property
    def display_name(self) -> str:
        return self.name or self.email.partition("@")[0]
