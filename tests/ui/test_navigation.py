"""Filters go along from page to page, whenever a run breaks off."""

from streamlit.testing.v1 import AppTest


def _script() -> None:
    import streamlit as st

    from ui import navigation

    if st.session_state.get("is_second"):
        st.session_state["last_filters"] = ("engagement", {"f_network": ["reddit"]})
        navigation._restore_filters("profile")
    st.multiselect("Network", ["reddit", "web"], key="f_network", bind="query-params")


def test_filter_of_another_page_stays_when_its_last_run_still_binds_it() -> None:
    app = AppTest.from_function(_script)
    app.run()
    assert app.multiselect(key="f_network").value == []
    app.session_state["is_second"] = True
    app.run()
    assert [error.message for error in app.exception] == []
    app.session_state["is_second"] = False
    app.multiselect(key="f_network").set_value(["reddit"]).run()
    app.session_state["is_second"] = True
    app.query_params.clear()
    app.run()
    assert [error.message for error in app.exception] == []
    assert app.multiselect(key="f_network").value == ["reddit"]
