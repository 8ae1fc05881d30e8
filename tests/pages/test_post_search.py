"""The Search page: from words to the posts that say them, and what it says where there are none."""

from sqlalchemy import Engine

from tests.pages.conftest import MARKUP, open_directly, open_through_home, shown_text


def _markdown(app: object) -> list[str]:
    return [element.value for element in app.get("markdown")]  # type: ignore[attr-defined]


def test_words_in_the_address_lead_to_the_posts_with_the_words_in_bold(small_store: Engine) -> None:
    app = open_through_home("search", words='parcel "on tuesday"', f_period="All")
    assert not app.exception
    assert app.text_input(key="words").value == 'parcel "on tuesday"'
    assert app.subheader[0].value.startswith("Posts that say “parcel” and “on tuesday”")
    texts = [line for line in _markdown(app) if "**parcel**" in line]
    assert len(texts) == 8, "a page of them"
    assert all("came **on** **Tuesday**" in line for line in texts)
    assert not [line for line in _markdown(app) if "<b>x</b>" in line or MARKUP in line]
    assert [button for button in app.get("download_button") if button.proto.label == "CSV"]


def test_whose_posts_are_meant_can_be_chosen(small_store: Engine) -> None:
    app = open_directly("search", words="looking into it", f_period="All", p_whose="The community")
    assert "No post of the community from" in shown_text(app)
    app = app.button(key="search_everyone").click().run()
    assert not app.exception
    assert [line for line in _markdown(app) if "**looking** **into** **it**" in line]
    app = open_directly("search", words="looking into it", f_period="All", p_whose="Our team")
    assert [line for line in _markdown(app) if "**looking** **into** **it**" in line]


def test_search_says_why_nothing_is_found_and_offers_all_days(small_store: Engine) -> None:
    app = open_directly("search", words="zebedee", f_period="7 days")
    assert "says “zebedee”" in shown_text(app)
    app = app.button(key="search_all_days").click().run()
    assert not app.exception
    assert app.selectbox(key="f_period").value == "All"
    assert "Try fewer words" in shown_text(app)
    assert "only leave posts out" in shown_text(open_directly("search", words="-parcel"))


def test_words_looked_for_last_are_offered_when_the_box_is_empty(small_store: Engine) -> None:
    app = open_directly("search", words="parcel -refund", f_period="All")
    app = app.text_input(key="words").set_value("").run()
    assert app.button(key="search_again").label == "Look for “parcel”, without “refund” again"
    app = app.button(key="search_again").click().run()
    assert not app.exception
    assert app.subheader[0].value == "Posts that say “parcel”, without “refund”"


def test_box_on_every_page_leads_to_the_posts(small_store: Engine) -> None:
    app = open_through_home("today")
    app = app.text_input(key="find").set_value("parcel").run()
    labels = [link.proto.label for link in app.sidebar.get("page_link")]
    assert labels[-1] == "Posts that say “parcel”"
