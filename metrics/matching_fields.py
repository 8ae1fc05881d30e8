"""What is compared of two accounts, in levels from "the same" to "different", as conditions of DuckDB's SQL.

A level's ``m`` is the share of pairs of one person at that level, its ``u`` that of pairs of two people; both are the
default model's, from what is known of people and their accounts rather than from any one store. Where a level has a
``rarity`` column, ``u`` is how common the very value is (``metrics.matching_rarity``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison. ``label`` is what a reviewer reads."""

    label: str
    condition: str
    m: float = 0.0
    u: float = 0.0
    rarity: str | None = None


@dataclass(frozen=True)
class Field:
    """What is compared, with its levels in order; the first is "cannot be compared" and weighs nothing.

    ``title`` is what a reviewer reads, where it is not the name.
    """

    name: str
    levels: tuple[Level, ...]
    title: str | None = None

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def missing(self) -> Level:
        return self.levels[0]

    @property
    def compared(self) -> tuple[Level, ...]:
        return self.levels[1:]


def _unknown(condition: str) -> Level:
    return Level("not known", condition)


def _either_null(column: str) -> Level:
    return _unknown(f"{column}_l IS NULL OR {column}_r IS NULL")


_SPELLS = (
    "coalesce(handle_core_l IN (spelling_r, spelling_reversed_r), false)"
    " OR coalesce(handle_core_r IN (spelling_l, spelling_reversed_l), false)"
)

_HANDLES_ALIKE = (
    "(least(length(handle_key_l), length(handle_key_r)) >= 6"
    " AND jaro_winkler_similarity(handle_key_l, handle_key_r) >= 0.93)"
)
_SOMETHING_ELSE = " OR ".join(
    f"coalesce({condition}, false)"
    for condition in (
        "town_l = town_r",
        "handle_core_l = handle_core_r",
        _HANDLES_ALIKE,
        "employer_l = employer_r",
        "email_key_l = email_key_r",
        "email_local_l = email_local_r",
        "link_l = link_r",
    )
)
SAME_NAME, ONLY_NAME = "same full name", "same full name, and nothing else to go by"
#: How much less than in company a full name by itself counts, as a factor.
ONLY_NAME_DISCOUNT = 8

NAME = Field(
    "name",
    (
        _unknown(f"(name_l IS NULL OR name_r IS NULL) AND NOT ({_SPELLS})"),
        Level(SAME_NAME, f"name_key_l = name_key_r AND ({_SOMETHING_ELSE})", 0.54, 1e-5, "name_key"),
        # A name alone brings up few pairs: only where it is very rare, and never as certain.
        Level(ONLY_NAME, "name_key_l = name_key_r", 0.54 / ONLY_NAME_DISCOUNT, 1e-5, "name_key"),
        Level(
            "full names alike", "jaro_winkler_similarity(name_key_l, name_key_r) >= 0.94"
            " AND left(given_l, 1) = left(given_r, 1)",
            0.06, 2e-5,
        ),
        Level("one's handle spells the other's name", _SPELLS, 0.08, 1e-5, "name_key"),
        Level(
            "same surname and first initial",
            "family_l = family_r AND left(given_l, 1) = left(given_r, 1)"
            " AND (length(given_l) = 1 OR length(given_r) = 1)",
            0.02, 2e-4,
        ),
        Level(
            "same first name and surname's initial",
            "given_l = given_r AND family_initial_l = family_initial_r"
            " AND (family_l IS NULL OR family_r IS NULL) AND length(given_l) > 1",
            0.03, 3e-4,
        ),
        Level(
            "same first name, surname not known on one side",
            "given_l = given_r AND (family_initial_l IS NULL OR family_initial_r IS NULL)",
            0.12, 4e-3,
        ),
        Level("different names", "ELSE", 0.07, 0.995),
    ),
)  # fmt: skip

_NAMESAKES = "coalesce(name_key_l = name_key_r, false)"
_MADE_OF_NAME = "(handle_has_name_l OR handle_has_name_r)"

HANDLE = Field(
    "handle",
    (
        _unknown(f"handle_key_l IS NULL OR handle_key_r IS NULL OR {_NAMESAKES}"),
        Level(
            "same handle, made of the name",
            "handle_key_l = handle_key_r AND (handle_is_name_l OR handle_is_name_r)",
            0.16,
            0.03,
        ),
        Level(
            "same handle, with the first name in it",
            f"handle_key_l = handle_key_r AND given_l = given_r AND {_MADE_OF_NAME}",
            0.05,
            3e-4,
        ),
        Level("same handle", "handle_key_l = handle_key_r", 0.15, 1e-5, "handle_key"),
        Level(
            "handles alike, made of the name",
            f"{_MADE_OF_NAME} AND (handle_core_l = handle_core_r OR {_HANDLES_ALIKE})",
            0.12,
            0.05,
        ),
        Level("same handle but for digits and signs", "handle_core_l = handle_core_r", 0.06, 4e-5, "handle_core"),
        Level("handles alike", _HANDLES_ALIKE, 0.04, 1e-3),
        Level("different handles", "ELSE", 0.42, 0.919),
    ),
)

#: People of one name hit upon the same handle, and live in the same town (names go by country), more often than others.
NAMESAKE_HANDLE = Field(
    "namesake_handle",
    (
        _unknown(f"handle_key_l IS NULL OR handle_key_r IS NULL OR NOT {_NAMESAKES}"),
        Level("same handle", "handle_key_l = handle_key_r", 0.2, 0.015),
        Level("same handle but for digits and signs", "handle_core_l = handle_core_r", 0.1, 0.015),
        Level("handles alike", _HANDLES_ALIKE, 0.1, 0.05),
        Level("different handles", "ELSE", 0.6, 0.92),
    ),
    title="handle",
)

EMAIL = Field(
    "email",
    (
        _either_null("email_key"),
        Level("same e-mail", "email_key_l = email_key_r", 0.6, 2e-6),
        Level("same name at another e-mail host", "email_local_l = email_local_r", 0.08, 2e-5, "email_local"),
        Level("e-mails differ, both verified", "email_verified_l AND email_verified_r", 0.08, 0.5),
        Level("different e-mails", "ELSE", 0.24, 0.5),
    ),
)

_PLACE_IN_PLACE = (
    "list_contains(string_split(location_key_l, ' '), town_r)"
    " OR list_contains(string_split(location_key_r, ' '), town_l) OR region_l = region_r"
)

LOCATION = Field(
    "location",
    (
        _unknown(f"location_key_l IS NULL OR location_key_r IS NULL OR {_NAMESAKES}"),
        Level("same town", "town_l = town_r", 0.6, 0.03, "town"),
        Level("one place names the other", _PLACE_IN_PLACE, 0.15, 0.15),
        Level("different places", "ELSE", 0.25, 0.82),
    ),
)

NAMESAKE_LOCATION = Field(
    "namesake_location",
    (
        _unknown(f"location_key_l IS NULL OR location_key_r IS NULL OR NOT {_NAMESAKES}"),
        Level("same town", "town_l = town_r", 0.6, 0.06, "name_town"),
        Level("one place names the other", _PLACE_IN_PLACE, 0.15, 0.2),
        Level("different places", "ELSE", 0.25, 0.74),
    ),
    title="location",
)

ORGANIZATION = Field(
    "organization",
    (
        _either_null("employer"),
        Level("same organisation", "employer_l = employer_r", 0.65, 0.004),
        Level("organisations alike", "jaro_winkler_similarity(employer_l, employer_r) >= 0.92", 0.1, 0.003),
        Level("different organisations", "ELSE", 0.25, 0.993),
    ),
)

#: Different links, or different networks, are what most accounts of one person have: they say nothing.
LINK = Field(
    "link",
    (
        _unknown("link_l IS DISTINCT FROM link_r OR link_l IS NULL"),
        Level("same link in the profile", "link_l = link_r", 0.05, 2e-4),
        Level("different links", "ELSE", 0.95, 0.9998),
    ),
)

PLACE = Field(
    "network",
    (
        _unknown("place_l <> place_r"),
        Level("two accounts in one place", "place_l = place_r", 0.02, 0.3),
        Level("accounts in different places", "ELSE", 0.98, 0.7),
    ),
)

FIRST_NAME = Field(
    "first_name",
    (
        _either_null("first_name"),
        Level("same first name", "first_name_l = first_name_r", 0.7, 0.005, "first_name"),
        Level("first name and surname swapped", "first_name_l = surname_r OR surname_l = first_name_r", 0.05, 0.001),
        Level("first names alike", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.88", 0.08, 0.003),
        Level("first names somewhat alike", "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.7", 0.07, 0.03),
        Level("different first names", "ELSE", 0.1, 0.961),
    ),
)

SURNAME = Field(
    "surname",
    (
        _either_null("surname"),
        Level("same surname", "surname_l = surname_r", 0.7, 0.003, "surname"),
        Level("first name and surname swapped", "first_name_l = surname_r OR surname_l = first_name_r", 0.05, 0.001),
        Level("surnames alike", "jaro_winkler_similarity(surname_l, surname_r) >= 0.88", 0.08, 0.003),
        Level("surnames somewhat alike", "jaro_winkler_similarity(surname_l, surname_r) >= 0.7", 0.07, 0.03),
        Level("different surnames", "ELSE", 0.1, 0.963),
    ),
)

BIRTH_DATE = Field(
    "birth_date",
    (
        _either_null("birth_date"),
        Level("same date of birth", "birth_date_l = birth_date_r", 0.7, 1e-4),
        Level("dates of birth differ in a digit", "damerau_levenshtein(birth_date_l, birth_date_r) <= 1", 0.08, 1e-3),
        Level("same year of birth", "left(birth_date_l, 4) = left(birth_date_r, 4)", 0.08, 0.02),
        Level(
            "dates of birth differ in two digits", "damerau_levenshtein(birth_date_l, birth_date_r) <= 2", 0.06, 1e-2
        ),
        Level("different dates of birth", "ELSE", 0.08, 0.969),
    ),
)

TOWN = Field(
    "location",
    (
        _either_null("location_key"),
        Level("same town", "location_key_l = location_key_r", 0.7, 0.03, "location_key"),
        Level("towns alike", "jaro_winkler_similarity(location_key_l, location_key_r) >= 0.88", 0.1, 0.01),
        Level("different towns", "ELSE", 0.2, 0.96),
    ),
)

POSTCODE = Field(
    "postcode",
    (
        _either_null("postcode"),
        Level("same postcode", "postcode_l = postcode_r", 0.8, 2e-3),
        Level("postcodes differ in a character", "damerau_levenshtein(postcode_l, postcode_r) <= 1", 0.1, 0.01),
        Level("different postcodes", "ELSE", 0.1, 0.988),
    ),
)

ADDRESS = Field(
    "address",
    (
        _either_null("address"),
        Level("same address", "address_l = address_r", 0.7, 1e-3),
        Level("addresses alike", "jaro_winkler_similarity(address_l, address_r) >= 0.88", 0.15, 2e-3),
        Level("different addresses", "ELSE", 0.15, 0.997),
    ),
)

RECORD_EMAIL = Field(
    "email",
    (
        _either_null("email_key"),
        Level("same e-mail", "email_key_l = email_key_r", 0.7, 2e-3, "email_key"),
        Level("same name at another e-mail host", "email_local_l = email_local_r", 0.08, 1e-4),
        Level("e-mails alike", "jaro_winkler_similarity(email_key_l, email_key_r) >= 0.88", 0.1, 1e-3),
        Level("different e-mails", "ELSE", 0.12, 0.997),
    ),
)

#: What is compared of social accounts, and of records that name a person in parts.
ACCOUNT_FIELDS = (NAME, HANDLE, NAMESAKE_HANDLE, EMAIL, LOCATION, NAMESAKE_LOCATION, ORGANIZATION, LINK, PLACE)
RECORD_FIELDS = (FIRST_NAME, SURNAME, BIRTH_DATE, TOWN, POSTCODE, ADDRESS, RECORD_EMAIL)

#: Which pairs are looked at: only those of which one of these holds.
ACCOUNT_BLOCKING = (
    "l.email_key = r.email_key",
    "l.mailbox_block = r.mailbox_block",
    "l.full_block = r.full_block",
    "l.handle_core = r.spelling",
    "l.spelling = r.handle_core",
    "l.handle_core = r.spelling_reversed",
    "l.spelling_reversed = r.handle_core",
    "l.handle_block = r.handle_block",
    "l.core_block = r.core_block",
    "l.family = r.family AND l.town = r.town AND left(l.given, 1) = left(r.given, 1)",
    "l.given = r.given AND l.family_initial = r.family_initial AND l.town = r.town",
    "l.given = r.given AND l.employer = r.employer",
    "l.family = r.family AND l.employer = r.employer",
    "l.link = r.link",
)
RECORD_BLOCKING = (
    "l.first_name = r.first_name AND left(l.surname, 2) = left(r.surname, 2)",
    "l.surname = r.surname AND left(l.first_name, 2) = left(r.first_name, 2)",
    "l.first_name = r.surname AND l.surname = r.first_name",
    "l.first_name = r.first_name AND l.location_key = r.location_key",
    "l.surname = r.surname AND l.location_key = r.location_key",
    "l.first_name = r.surname AND l.location_key = r.location_key",
    "l.surname = r.first_name AND l.location_key = r.location_key",
    "l.surname = r.surname AND l.postcode = r.postcode",
    "l.first_name = r.first_name AND l.postcode = r.postcode",
    "l.birth_date = r.birth_date",
    "l.address = r.address",
    "l.email_key = r.email_key",
    "l.email_local = r.email_local",
    "left(l.email_key, 7) = left(r.email_key, 7)",
)


def pair_conditions(kind: str) -> tuple[str, ...]:
    """The blocking rules of a kind of model: ``accounts`` or ``records``."""
    return ACCOUNT_BLOCKING if kind == "accounts" else RECORD_BLOCKING


def fields_of(kind: str) -> tuple[Field, ...]:
    """The comparisons of a kind of model: ``accounts`` or ``records``."""
    return ACCOUNT_FIELDS if kind == "accounts" else RECORD_FIELDS
