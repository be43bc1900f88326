"""The entry: `streamlit run app.py`. Only the declaration; the main script is src/esscarto/ui/main.py."""

import streamlit as st

from esscarto.ui.server import MIDDLEWARE, ROUTES, SCRIPT, say_error, warm

app = st.App(SCRIPT, middleware=MIDDLEWARE, routes=ROUTES, lifespan=warm, on_script_error=say_error)
