"""allauth's forms in our words: labels as a person would say them, and no placeholder that repeats a label."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.forms import Field, Form

LABELS = {
    "email": "Email",
    "login": "Email",
    "password": "Password",
    "remember": "Keep me signed in on this device",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password, again",
    "code": "Code",
    "name": "Name of this passkey",
    "passwordless": "Let me sign in with this passkey alone",
}


def password_help() -> str:
    """The rule that people meet, in one sentence; the rarer ones speak up when they are broken."""
    lengths = [v.min_length for v in get_default_password_validators() if isinstance(v, MinimumLengthValidator)]
    return f"At least {lengths[0]} characters. A few unrelated words work well." if lengths else ""


class Plain(Form):
    """Mixed in before an allauth form: relabels its fields."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = LABELS | self.labels
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = words.get(name, field.label)
            if name in self.helps:
                field.help_text = self.helps[name]
        if password := self.fields.get("password1"):
            password.help_text = password_help()
        if code := self.fields.get("code"):
            _as_code(code)


def _as_code(field: Field) -> None:
    """A code is typed from another window: large, and left alone by the keyboard's corrections."""
    field.widget.attrs |= {
        "class": "code",
        "autocapitalize": "characters",
        "spellcheck": "false",
        "autofocus": True,
    }


class LoginForm(Plain, account.LoginForm): ...


class SignupForm(Plain, account.SignupForm):
    labels: ClassVar[dict[str, str]] = {"password1": "Password"}
    helps: ClassVar[dict[str, str]] = {"email": "We send a code there, to see that it is yours."}


class AddEmailForm(Plain, account.AddEmailForm):
    labels: ClassVar[dict[str, str]] = {"email": "Another email"}


class ChangeEmailForm(Plain, account.ChangeEmailForm): ...


class ChangePasswordForm(Plain, account.ChangePasswordForm): ...


class SetPasswordForm(Plain, account.SetPasswordForm): ...


class ResetPasswordForm(Plain, account.ResetPasswordForm): ...


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm): ...


class ReauthenticateForm(Plain, account.ReauthenticateForm): ...


class ConfirmEmailForm(Plain, account.ConfirmEmailVerificationCodeForm): ...


class ConfirmResetForm(Plain, account.ConfirmPasswordResetCodeForm): ...


class SecondFactorForm(Plain, mfa.AuthenticateForm): ...


class SecondFactorAgainForm(Plain, mfa.ReauthenticateForm): ...


class ActivateAuthenticatorForm(Plain, totp.ActivateTOTPForm):
    labels: ClassVar[dict[str, str]] = {"code": "Code from the app"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": False}


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    helps: ClassVar[dict[str, str]] = {
        "passwordless": "Your device then asks for your face, your finger or a PIN instead of a password. "
        "Left unticked, the key only confirms a sign-in with a password.",
    }


class EditPasskeyForm(Plain, webauthn.EditWebAuthnForm): ...
