"""Which unmapped columns must not land as they are: names that tools give to personal data."""

from __future__ import annotations

from connectors.files.headers import fold

_OWNERS = (
    "customer",
    "contact",
    "user",
    "recipient",
    "respondent",
    "billing",
    "shipping",
    "مشتری",
    "کاربر",
    "مخاطب",
)
_KINDS = (
    *(
        "email",
        "email address",
        "phone",
        "phone number",
        "mobile",
        "mobile number",
        "first name",
        "last name",
    ),
    *(
        "full name",
        "surname",
        "address",
        "birth date",
        "birthday",
        "date of birth",
        "passport",
        "national code",
    ),
    *(
        "ip",
        "ip address",
        "ایمیل",
        "پست الکترونیک",
        "موبایل",
        "تلفن",
        "تلفن همراه",
        "شماره تماس",
        "نام خانوادگی",
    ),
    *("نام و نام خانوادگی", "آدرس", "نشانی", "کد ملی", "تاریخ تولد"),
)
_FOLDED_KINDS = frozenset(map(fold, _KINDS))
_FOLDED_OWNERS = tuple(map(fold, _OWNERS))


def looks_personal(header: str) -> bool:
    """Whether a column of this name probably holds personal data, e.g. ``Customer e-mail``."""
    name = fold(header)
    bare = [name.removeprefix(owner).removesuffix(owner) for owner in _FOLDED_OWNERS]
    return any(each in _FOLDED_KINDS for each in (name, *bare))
