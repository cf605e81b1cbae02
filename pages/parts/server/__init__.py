"""What stands between the network and Streamlit.

door   who is let in, and what every answer says to the browser
start  what is said and done when the server starts
"""
