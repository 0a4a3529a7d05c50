from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.demo import may_exist
from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """allauth's backend, closed to demo accounts wherever DEBUG is off, also to sessions opened before."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        user = super().get_user(user_id)
        return user if isinstance(user, User) and may_exist(user.email) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(super().user_can_authenticate(user)) and may_exist(user.email)
