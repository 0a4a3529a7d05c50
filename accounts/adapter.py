from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError

from accounts.demo import may_exist

# What a mail server takes (RFC 5321, section 4.5.3.1.3), and the width of our column.
LONGEST_ADDRESS = 254


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        email = super().clean_email(email)
        if len(email) > LONGEST_ADDRESS:
            raise ValidationError(f"Use an address of at most {LONGEST_ADDRESS} characters.", code="max_length")
        if not may_exist(email):
            raise ValidationError(
                "Use an address of your own: this domain is reserved.",
                code="reserved_domain",
            )
        return email
