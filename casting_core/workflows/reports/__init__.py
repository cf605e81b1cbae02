"""The report that an auditor signs: a version on a dataset, as PDF/A, as a table and as JSON.

brought     what other parts of the program have measured
blocks      what a section is made of
charts      its charts, as SVG
content     what it tells, gathered from records and by measuring
letters     letters that it can print
pdf         the PDF, set by typst
report_job  the same as a job, and the report that was made last
sections    its sections, one function each
tables      the same content as a table and as JSON
values      everything it tells, as one value
wrong       castings that were judged wrongly, with their pictures
"""
