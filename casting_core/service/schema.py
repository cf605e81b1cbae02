"""What the service says, with the names of OPC 40100-1 (Machine Vision) where it has one, written as JSON.

Where OPC 40100 wraps an id in a structure with one field (``ResultIdDataType.Id``), the id itself stands here.
"""

from datetime import UTC, datetime
from enum import IntEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from casting_core.domain import Verdict
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.stations.asked import Answered

Share = Annotated[float, Field(ge=0, le=1)]


class ResultState(IntEnum):
    """Whether there is a result (OPC 40100-1, ResultStateDataType)."""

    COMPLETED = 1
    FAILED = 4


class Told(BaseModel):
    """A value of an answer."""

    model_config = ConfigDict(frozen=True, alias_generator=to_pascal, populate_by_name=True)


class RecipeId(Told):
    """The model version that judged."""

    id: str = Field(description="Its name; empty where no version could judge.")
    hash: str = Field(description="SHA-256 of its graph, in hexadecimal digits; empty where no version could judge.")


class ProcessingTimes(Told):
    """When the service was at work on it (OPC 40100-1, ProcessingTimesDataType)."""

    start_time: datetime = Field(description="When the photo had come in, UTC.")
    end_time: datetime = Field(description="When the verdict was there, UTC.")
    processing_duration: Annotated[float, Field(ge=0)] = Field(description="Milliseconds between them.")


class EvidencePlace(Told):
    """The place with the most evidence for a defect, whatever the verdict."""

    x: float = Field(description="Pixels from the left edge of the photo, held upright.")
    y: float = Field(description="Pixels from its upper edge.")


class ResultContent(Told):
    """The verdict and what it stands on."""

    verdict: Verdict = Field(description="pass, reject, or inspect: a person must look at the part.")
    reason: str = Field(description="Why a person must look; empty where the verdict of a version stands by itself.")
    score: Share | None = Field(description="Of the photo: 0 speaks for ok and 1 for defective.")
    threshold: Share | None = Field(description="A score below it passes.")
    rejects_from: Share | None = Field(description="A score at or above it is a reject; between both a person looks.")
    evidence_place: EvidencePlace | None
    defect_kind: str = Field(
        description="That a part which does not pass most probably shows; empty where it is not known."
    )
    note: str = Field(description="What a person should know of how the photo was read.")
    challenge: Word | None = Field(
        description="Where no part may pass: 'due', the station must judge its challenge parts first; 'missed', it is "
        "blocked; 'unsure', the record could not be read. Of a challenge part: right, wrong, not judged, not new, "
        "no such part. Else nothing."
    )


class Answer(Told):
    """The answer to a photo. The same request id gets the same answer, byte for byte."""

    result_id: str = Field(description="The same whenever the same is asked.")
    part_id: str
    job_id: str
    recipe_id: RecipeId
    result_state: ResultState = Field(description="1: completed, a version has judged. 4: failed, see the reason.")
    processing_times: ProcessingTimes
    result_content: ResultContent
    station: str
    request_id: str
    photo: str = Field(description="SHA-256 of the photo's bytes.", pattern="^[0-9a-f]{64}$")

    @classmethod
    def of(cls, answered: Answered) -> Self:
        """As it stands on record."""
        asked, said = answered.asked, answered.said
        place = None if said.place is None else EvidencePlace(x=round(said.place[0], 1), y=round(said.place[1], 1))
        return cls(
            result_id=answered.result,
            part_id=asked.part,
            job_id=asked.job,
            recipe_id=RecipeId(id=said.model, hash=said.graph),
            result_state=ResultState.FAILED if said.score is None else ResultState.COMPLETED,
            processing_times=ProcessingTimes(
                start_time=_moment(asked.started),
                end_time=_moment(answered.ended),
                processing_duration=max(0, answered.ended - asked.started),
            ),
            result_content=ResultContent(
                verdict=answered.verdict,
                reason=said.reason,
                score=said.score,
                threshold=said.threshold,
                rejects_from=said.threshold if said.upper is None else said.upper,
                evidence_place=place,
                defect_kind=said.kind,
                note=said.note,
                challenge=None if answered.challenge is None else answered.challenge.word,
            ),
            station=asked.station,
            request_id=asked.request,
            photo=asked.photo,
        )


class Health(Told):
    """That the service is there."""

    status: str = "alive"


class Ready(Told):
    """Whether a photo could be judged now."""

    ready: bool
    model: str = Field(description="The version that would judge; empty where none can.")
    reason: str = Field(description="Why no photo could be judged; empty where one could.")


class Problem(BaseModel):
    """Why a request got no answer. A line takes it for a reject."""

    detail: str = Field(description="One sentence.")


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
