from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError

from accounts.demo import may_exist


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        email = super().clean_email(email)
        if not may_exist(email):
            raise ValidationError(
                "Use an address of your own: this domain is reserved.",
                code="reserved_domain",
            )
        return email
