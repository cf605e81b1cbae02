"""What the service counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

from casting_core.service.beside import Beside
from casting_core.service.judging import Judges
from casting_core.service.limits import Places
from casting_core.workflows.stations.asked import Answered

__all__ = ["CONTENT_TYPE", "Metrics"]

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The figures of one service."""

    def __init__(self, judges: Judges, places: Places, beside: Beside) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "casting_answers", "Answers given for the first time.", ["station", "verdict"], registry=self._registry
        )
        self._repeated = Counter(
            "casting_repeated_answers", "Answers given again for the same id.", ["station"], registry=self._registry
        )
        self._refused = Counter(
            "casting_refused_requests", "Requests without an answer, by status.", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "casting_answer_seconds",
            "From a photo's arrival to its answer.",
            buckets=SECONDS,
            registry=self._registry,
        )
        for name, text, now in (
            ("casting_waiting_photos", "Photos that wait or are judged.", lambda: places.taken),
            ("casting_ready", "1 where a photo could be judged now.", lambda: not judges.state.problem),
            ("casting_judges_begun", "Processes that judge, begun since the start.", lambda: judges.begun),
            ("casting_shadow_photos", "Photos that the version in shadow has judged.", lambda: beside.judged),
            ("casting_shadow_left_out", "Photos it was too busy for.", lambda: beside.dropped),
        ):
            Gauge(name, text, registry=self._registry).set_function(now)

    def answered(self, answer: Answered, *, repeated: bool, seconds: float) -> None:
        """Counts an answer."""
        if repeated:
            self._repeated.labels(answer.asked.station).inc()
        else:
            self._answers.labels(answer.asked.station, answer.verdict.value).inc()
        self._seconds.observe(seconds)

    def refused(self, status: int) -> None:
        """Counts a request that got no answer."""
        self._refused.labels(str(status)).inc()

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)
