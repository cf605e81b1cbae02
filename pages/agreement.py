"""Agreement: inspectors and a model judge the same parts several times, blind; who agrees with whom, and with what."""

from pages.parts.agreement import plan_form, result_view, round_view, study_choice
from pages.parts.agreement.study_choice import Section
from pages.parts.shell import frame

frame.open(
    "Agreement",
    "Do inspectors and the model judge alike, and the same part alike every time? An attribute study (AIAG) tells, "
    "with the model as one of the appraisers.",
)
study, section = study_choice.show()
if study is None or section is Section.NEW:
    plan_form.show(first=study is None)
elif section is Section.JUDGE:
    round_view.show(study)
else:
    result_view.show(study)
