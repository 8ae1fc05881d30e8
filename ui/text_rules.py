"""The editor of rules on texts (topics, brands): what is typed shows what it would find, before it is saved."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from answers.rule_preview import Example, RulePreview, preview_rule
from jobs.launch import start_job
from jobs.text_rules import TextRules
from metrics.topics import BadPattern
from ui.actions import decide
from ui.cache import ask
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain
from ui.numbers import counted, percent, whole
from ui.progress import running_job


@dataclass(frozen=True)
class RuleWords:
    """What a rule says now: its words and what rules a post out; ``note`` stands under its name."""

    words: str
    exclusions: str = ""
    note: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class RuleEditor:
    """An editor of one kind of rule. ``what``: topic or brand. ``new``: what stands for a rule that is yet to be named;
    None where none can be made here. ``decide`` takes the engine, the name, ``pattern``,
    ``exclusions`` (where ``has_exclusions``) and ``decided_by``; so does ``retire`` with the name alone. Both say the
    name by ``what``."""

    what: str
    rules: TextRules
    table: str
    how: str
    placeholder: str
    finds: str
    without: str
    decide: Callable[..., int]
    retire: Callable[..., int]
    refused: tuple[type[Exception], ...]
    longest_name: int
    new: str | None = None
    has_exclusions: bool = False

    @property
    def job(self) -> str:
        """The job that reads all posts anew."""
        return self.rules.due


def show_due(here: Here, editor: RuleEditor, *, is_due: bool) -> None:
    """Say that posts are yet to be read by a rule that has changed, and offer to."""
    if not is_due:
        return
    if running_job(here) is not None:
        st.caption(f"Posts from before are being read by the {editor.what}s that stand now.")
    else:
        nothing_here(
            f"A {editor.what} has changed, and posts from before have not been read by it yet.",
            button="Read them now",
            on_click=lambda: start_job(here.engine, editor.job, {}),
            key=f"{editor.what}s_due",
        )


@st.fragment
def edit_rule(here: Here, editor: RuleEditor, rules: Mapping[str, RuleWords]) -> None:
    """A fragment, so that typing draws the preview anew and not the page."""
    left, right = st.columns([2, 3])
    with left:
        options = [*([editor.new] if editor.new else []), *rules]
        chosen = st.selectbox(editor.what.capitalize(), options, key=f"{editor.what}_chosen")
        known = chosen if chosen in rules else None
        name = known or st.text_input("Its name", max_chars=editor.longest_name, key=f"{editor.what}_name_{len(rules)}")
        words, exclusions = _type_words(editor, known, rules)
        _act(here, editor, known, name, words, exclusions, is_active=known is not None and rules[known].is_active)
    with right:
        _show_preview(here, editor, words, exclusions)


def _type_words(editor: RuleEditor, known: str | None, rules: Mapping[str, RuleWords]) -> tuple[str, str]:
    now = rules.get(known or "", RuleWords(""))
    # the words that stand are in the key, so that an undo or a colleague's change shows
    stands = zlib.crc32(f"{now.words}\n{now.exclusions}\n{now.is_active}".encode())
    key = f"{editor.what}_{{}}_{known}_{stands}_{len(rules)}"
    if now.note:
        st.caption(now.note)
    words = st.text_area(
        "Words",
        now.words,
        key=key.format("words"),
        height=140,
        max_chars=10_000,
        placeholder=editor.placeholder,
    )
    exclusions = ""
    if editor.has_exclusions:
        exclusions = st.text_area(
            "Not where a post also says",
            now.exclusions,
            key=key.format("exclusions"),
            height=90,
            max_chars=10_000,
            help="A post with one of these does not count, whatever else it says.",
        )
    st.caption(editor.how)
    return words, exclusions


def _act(
    here: Here, editor: RuleEditor, known: str | None, name: str, words: str, exclusions: str, *, is_active: bool
) -> None:
    with st.container(horizontal=True):
        is_empty = not words.strip()
        if st.button(f"Save {editor.what}", type="primary", disabled=is_empty, key=f"{editor.what}_save"):
            _save(here, editor, name, words, exclusions)
        if known and is_active:
            help_ = "It is no longer looked for. Undo brings it back."
            if st.button("Retire", help=help_, key=f"{editor.what}_retire"):
                said = f"The {editor.what} {plain(known)} is retired."
                _decided(here, editor, said, editor.retire, **{editor.what: known})


def _save(here: Here, editor: RuleEditor, name: str, words: str, exclusions: str) -> None:
    values = {editor.what: name, "pattern": words} | ({"exclusions": exclusions} if editor.has_exclusions else {})
    try:
        _decided(here, editor, f"The {editor.what} {plain(name)} is saved.", editor.decide, **values)
    except editor.refused as error:
        st.error(plain(str(error)))


def _decided(here: Here, editor: RuleEditor, said: str, action: Any, **details: Any) -> None:
    decide(said, editor.table, action, here.engine, decided_by=here.who, **details)
    start_job(here.engine, editor.job, {})
    st.rerun()


def _show_preview(here: Here, editor: RuleEditor, words: str, exclusions: str) -> None:
    if not here.scope.posts:
        st.caption("There is no post yet to try the words on.")
        return
    if not words.strip():
        st.caption("Type words, and see here what they find among the newest posts.")
        return
    try:
        preview: RulePreview = ask(here, preview_rule, words, exclusions, kind=editor.rules.due)
    except BadPattern as error:
        st.error(plain(str(error)))
        return
    st.markdown(
        f"**{whole(preview.hits)} of the newest {counted(preview.posts, 'post')}** would {editor.finds}"
        f" ({percent(preview.share)})."
    )
    shown = (
        (f"Found ({whole(preview.hits)})", preview.examples, "No post holds these words."),
        (f"Ruled out ({whole(preview.ruled_out)})", preview.excluded, "No post with these words is ruled out."),
        (
            f"Nearly ({whole(preview.near_misses)})",
            preview.near,
            "No other post holds the beginning of one of these words.",
        ),
        (editor.without, preview.without, f"Each of the newest posts is found by some {editor.what}."),
    )
    for tab, (_, examples, empty) in zip(st.tabs([title for title, _, _ in shown]), shown, strict=True):
        with tab:
            _show_examples(examples, empty)


def _show_examples(examples: tuple[Example, ...], empty: str) -> None:
    if not examples:
        st.caption(empty)
    with st.container(height=300, border=False):
        for example in examples:
            st.markdown(marked(example))


def marked(example: Example) -> str:
    """An example as Markdown, its words marked; whatever members wrote stays text.

    >>> print(marked(Example("my *refund*, please", ((4, 10),))))
    my \\*:orange-background[**refund**]\\*, please
    """
    parts, at = [], 0
    for start, end in example.spans:
        word = plain(example.text[start:end])
        parts += [_escaped(example.text[at:start]), f":orange-background[**{word}**]"]
        at = end
    return "".join([*parts, _escaped(example.text[at:])]).strip()


def _escaped(text: str) -> str:
    """The text between two marks, with the spaces next to them."""
    before, after = (" " if text[place : place + 1].isspace() else "" for place in (0, len(text) - 1))
    return f"{before}{plain(text, len(text) + 1)}{after}" if text.strip() else before
