"""The only Streamlit code."""
