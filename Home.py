"""Rapport's front door: ``streamlit run Home.py``. What there is to open stands in ``ui/navigation.py``."""

import streamlit as st
from starlette.middleware import Middleware

from ui.front_door import FrontDoor
from ui.last_look import RememberLook
from ui.navigation import open_page
from ui.security_headers import SecurityHeaders
from ui.warm_up import warming_up

if __name__ == "__main__":
    open_page()
else:
    # The server imports this file once, and runs the router below for each visitor. The router lies outside this folder
    # because Streamlit opens the scripts of a ``pages`` folder beside it without running it first.
    app = st.App(
        "ui/router.py",
        lifespan=warming_up,
        middleware=[Middleware(SecurityHeaders), Middleware(RememberLook), Middleware(FrontDoor)],
    )
