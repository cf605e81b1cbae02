"""Whole tasks, read like sentences; the only room that knows several others.

agreement         people and a model judge the same parts several times, blind
audit             what is wrong with a dataset: worked out, kept, told as a report
backups           the backup of the database, and the way back
challenge         known castings that a station must judge right at the start of a shift
datasets          opening, importing, removing; castings; splits; the drawn sample
first_steps       what is done on the way to a model that judges these photos
installation      everything this installation has, backed up and restored
jobs              long work as pages and commands know it
judging           from photos and a version to scores, verdicts and figures, and what those prove
keeping           the photos behind verdicts, and for how long
kinds             every kind of job, with the function that does it
label_doubt       which castings have a doubtful label
models            which version is in production, and versions from elsewhere
moved             where the datasets of a restored installation lay before
operating_points  the operating points of versions, the one in force first
people            who may what: roles, sessions of whoever signed in, links to look
recipes           the recipe on a card or of a run, as a typed value
reports           the report that an auditor signs, as PDF/A, as a table and as JSON
retraining        what review hands on to the next training
review            what people decide about photos
search            a search for settings
sharing           versions and photos kept in step with an object store
stations          machines on the line that ask for verdicts
stores            what there is in this installation
tracing           every verdict on record that somebody asks for
training          a run, from asking for it to its version; a study of a recipe
watching          the shift's board: what was judged, whether photos change, what is proven of escapes
"""
