"""Readers room: mail addresses. The only user of email-validator."""

from email_validator import EmailNotValidError, validate_email

from digest.errors import InputError


def checked(text: str) -> str:
    """The address in `text` as it is kept: domain in lower-case ASCII. No look-up is made.

    Raises InputError for what is no address, has a display name, or cannot be delivered without SMTPUTF8.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InputError(f"{' '.join(text.split())[:80]!r} is no mail address: {error}") from None
    return f"{found.local_part}@{found.ascii_domain}"
