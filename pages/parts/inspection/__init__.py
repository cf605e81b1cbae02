"""The pieces of the Inspection page.

alike_view    known castings that look most like the part
camera        a part is photographed on the page, by the rear camera at its full resolution
finding_view  what a model says of one photo
opinion_form  a person agrees with a verdict or overrules it
paste         a photo on the clipboard is taken like one that was dropped
record_view   verdicts on record, and the last of them
"""
