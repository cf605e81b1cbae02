"""Inspection: drop the photo of a part, get a verdict, the place that caused it, or the reason why there is none."""

from functools import partial

import streamlit as st

from pages.parts.batch import batch_list, batch_source, batch_view
from pages.parts.caches import model_cache
from pages.parts.challenge import stations_view
from pages.parts.inspection import alike_view, finding_view, opinion_form, record_view
from pages.parts.inspection.camera import component as camera
from pages.parts.inspection.paste import component as paste
from pages.parts.shell import figures, frame, guards
from pages.parts.shell.text import plain

FORMATS = ["jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp"]

frame.open("Inspection", "Drop the photo of a part: a verdict, and the place in the photo that caused it.")
if batch_view.show():
    batch_list.show()
    st.stop()

stations_view.alert()
model = guards.model()
with st.container(horizontal=True, vertical_alignment="center", key="judged-by"):
    judged_by = f"Judged by **{plain(model.card.name)}** ({plain(model.card.network)})"
    st.markdown(f"{judged_by}, threshold {model.point.limits}")
    frame.link("Models", "Change")
named, known = figures.of_dataset_in_use(model.card)
if known.score is None:
    figures.not_measured(named, model.card)
else:
    figures.show(known.score)

source = st.segmented_control(
    "Photo from", ["File", "Camera", "Zip file", "Folder"], default="File", required=True, key="source"
)
photos = []
if source == "Camera":
    camera.show()
if source in ("Camera", "File"):
    dropped = st.file_uploader(
        "Photos of parts: JPEG, PNG, BMP, TIFF or WebP", FORMATS, accept_multiple_files=True, key="photos"
    )
    photos = list(dropped)
    paste.listen()

record_view.sign()
if source == "Zip file":
    batch_source.zipped(model)
elif source == "Folder":
    batch_source.folder(model)
elif not photos:
    how = "Take one above" if source == "Camera" else "Drop one above, or several at once"
    st.info(f"No photo yet. {how}; nothing leaves this machine.", icon=":material/add_a_photo:")
elif len(photos) > batch_source.MANY:
    batch_source.dropped(photos, model)
    photos = []
findings = []
line = st.empty()  # filled when all are judged: who dropped many wants to know first how many are left to look at
for photo in photos:
    findings.append(model_cache.finding(photo.getvalue(), model))
    record_view.keep(photo, findings[-1], model)
    alike = partial(alike_view.show, findings[-1], model, named)
    finding_view.show(photo.name, findings[-1], model, warning=known.warning, beside=alike)
    if findings[-1].seen is not None:
        opinion_form.show(photo, findings[-1], model)
if len(findings) > 1:
    line.markdown(finding_view.summary(findings))
if findings:
    alike_view.offer(model, named)
batch_list.show()
record_view.lately()
stations_view.show()
record_view.beside(photos, findings, model)  # all that anybody waits for has been drawn
