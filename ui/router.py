"""The script that the server runs for each visitor, whichever page they open."""

from ui.navigation import open_page

open_page()
