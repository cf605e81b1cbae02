"""Photos on a page.

decide_form  deciding about photos, many at once or one on its card, and the way back
gallery      photos in a grid, page by page: opened by a click, chosen by a tick
judge_form   judging a photo that a version has judged
pager        turning the pages of a gallery
pictures     every picture of a photo that a page shows
strips       photos casting by casting
"""
