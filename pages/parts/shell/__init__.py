"""What every page shares.

address         what a page shows, kept in its address
components      programs of our own for the browser, made known to Streamlit
errors          what goes wrong, as a sentence
figures         what a version is worth: castings first, or that it was not measured
frame           window title, menu, the dataset in use, heading
guards          what a page needs before it can begin
jobs            long work, watched and stopped from the page
look            how labels, verdicts and outcomes look everywhere
session         what a visitor's session remembers from page to page
setting_fields  the settings of a recipe as fields of a form
text            text from outside, made safe for the page
"""
