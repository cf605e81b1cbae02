"""The shift's board on Overview.

board_view     what was judged, whether that is as usual, and which model judges
changes_view   whether photos are still like those it learned from
outgoing_view  passed parts that a person is to look at, and what is proven of escapes
reviews_view   parts that a person must look at
saying         what a person says of one of several parts
"""
