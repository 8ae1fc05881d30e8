"""Brands in Settings: the words that name each, with what they would find."""

import streamlit as st
from sqlmodel import Session

from data_access.brands import BrandWords, list_brands
from jobs.brands import LONGEST_NAME, BadBrand, NoSuchBrand, decide_brand, retire_brand
from jobs.text_rules import BRANDS, are_rules_due
from metrics.topics import BadPattern
from ui.cache import ask
from ui.guard import Here
from ui.text_rules import RuleEditor, RuleWords, edit_rule, show_due

EDITOR = RuleEditor(
    what="brand",
    rules=BRANDS,
    table="brand_rule",
    how=(
        "Names, handles and hashtags with commas or new lines between them; any of them mentions the brand. "
        "`Acme*` takes every word that begins so, `@acme` the account, `#acme` only the hashtag, `acme` the word and "
        "the hashtag."
    ),
    placeholder="Acme, @acme, #AcmeLife",
    finds="mention it",
    without="Names no brand",
    decide=decide_brand,
    retire=retire_brand,
    refused=(BadBrand, NoSuchBrand, BadPattern),
    longest_name=LONGEST_NAME,
    has_exclusions=True,
)


def read_brands(session: Session) -> tuple[list[BrandWords], bool]:
    """The brands, and whether posts have yet to be read for some of them."""
    return list_brands(session), are_rules_due(session, BRANDS)


def brands_form(here: Here) -> None:
    """The words of each brand: change and retire them, with what they would find before they are saved."""
    brands, is_due = ask(here, read_brands)
    if not brands:
        st.caption("No brand is known yet. Name yours and your competitors above, under Workspace; files may, too.")
        return
    show_due(here, EDITOR, is_due=is_due)
    ours_first = sorted(brands, key=lambda brand: (brand.is_competitor, brand.name.casefold()))
    edit_rule(
        here,
        EDITOR,
        {brand.name: RuleWords(brand.pattern, brand.exclusions, _note(brand), brand.is_active) for brand in ours_first},
    )


def _note(brand: BrandWords) -> str:
    whose = "A competitor's brand." if brand.is_competitor else "Our brand."
    if not brand.is_active:
        return f"{whose} Nobody looks for it: save its words to look for it again."
    if brand.is_decided:
        return whose
    how = "it is looked for by its name, by the account of that name, and by the handles of its channels"
    return f"{whose} Nobody has chosen its words yet: {how}."
