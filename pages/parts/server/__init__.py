"""What stands between the network and Streamlit, and what is done once in the life of the server.

door         who is let in, and what every answer says to the browser
first_visit  what is done before the first page
first_paint  how the pages look from their very first picture on
link         a link to look, whose token goes from the address into a cookie
start        what is said and done when the server starts
"""
