"""Every kind of long work: its name, and the function that does it. A new kind is a function and a line here."""

from casting_core.jobs.kinds import Inputs, Kind, Kinds, Report, Result, ShouldStop
from casting_core.workflows.agreement import plan_job
from casting_core.workflows.audit import audit_job
from casting_core.workflows.datasets import castings_job, import_job, sample
from casting_core.workflows.installation import backup_job
from casting_core.workflows.judging.batch import batch_job, shadow_job
from casting_core.workflows.judging.lookalikes import looks_job
from casting_core.workflows.judging.measuring import measure_job
from casting_core.workflows.judging.panel import panel_job
from casting_core.workflows.models import operating_point_job
from casting_core.workflows.reports import report_job
from casting_core.workflows.tracing import retention_job
from casting_core.workflows.training import runs, train
from casting_core.workflows.watching import reference_job


def _search(inputs: Inputs, report: Report, should_stop: ShouldStop) -> Result:
    from casting_core.workflows.search.worker import work_on_study  # Optuna takes a quarter of a second

    return work_on_study(inputs, report, should_stop)


def _cross_validation(inputs: Inputs, report: Report, should_stop: ShouldStop) -> Result:
    from casting_core.workflows.training.study import cross_validate_alone  # scikit-learn takes half a second

    return cross_validate_alone(inputs, report, should_stop)


KINDS: Kinds = {
    runs.KIND: train.RUN,
    "search worker": Kind(title="Search", work=_search),
    "cross-validation": Kind(title="Cross-validation", work=_cross_validation),
    audit_job.KIND: audit_job.AUDIT,
    backup_job.KIND: backup_job.BACKUP,
    batch_job.KIND: batch_job.BATCH,
    shadow_job.KIND: shadow_job.BESIDE,
    castings_job.KIND: castings_job.CASTINGS,
    import_job.KIND: import_job.IMPORT,
    looks_job.KIND: looks_job.LOOKING,
    measure_job.KIND: measure_job.MEASUREMENT,
    panel_job.KIND: panel_job.PANEL,
    operating_point_job.KIND: operating_point_job.PUT,
    retention_job.KIND: retention_job.TIDYING,
    report_job.KIND: report_job.REPORT,
    plan_job.KIND: plan_job.PLANNING,
    sample.KIND: sample.DRAWN,
    reference_job.KIND: reference_job.LOOK,
}
