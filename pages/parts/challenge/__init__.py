"""Challenge parts on the Inspection page.

choose_view    which castings would do, and putting them in force
margin_view    how far each part lies from being judged wrongly, over the weeks
stations_view  how every station stands, and clearing one
"""
