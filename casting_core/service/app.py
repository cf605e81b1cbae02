"""The service as an ASGI application: its paths, what they take, and what they answer."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from casting_core import __version__
from casting_core.data.imaging.images import identity
from casting_core.errors import CastingError
from casting_core.hosts import Hosts
from casting_core.service.beside import Beside
from casting_core.service.desk import Deadline, Desk
from casting_core.service.door import Door
from casting_core.service.judging import Judges
from casting_core.service.limits import Limits, Places, Refused
from casting_core.service.metrics import CONTENT_TYPE, Metrics
from casting_core.service.page import page
from casting_core.service.photo import PHOTO_TYPES, check_head, read_photo
from casting_core.service.schema import Answer, Health, Problem, Ready
from casting_core.workflows.stations.asked import Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stations.tokens import Scope, Station, Tokens

ABOUT = (
    "A photo in, an answer out that is on record. Only ResultContent.Verdict 'pass' lets a part pass: 'inspect', every "
    "other status than 200, and no answer in time mean that it must not."
)
SHORTEST = 50  # milliseconds of a deadline
SAID = {
    400: "The request does not say properly which server it is meant for, or broke off.",
    401: "There is no token, or none that counts.",
    403: "The token is for another station or purpose, or the service is not known by this name.",
    408: "The photo did not come in whole in time.",
    409: "The request id was used for another photo, part or job.",
    413: "The photo is too large.",
    415: "The body is no photo of a kind that is read.",
    422: "A parameter is missing, or not as it must be.",
    429: "Too many photos of this station are waiting; send it again with the same id.",
    503: "The service is full or cannot answer now; send it again with the same id.",
}
NO_TOKEN = "a token is needed, as the header Authorization: Bearer casting_..."
WRONG_TOKEN = "this token does not count: it is unknown, was revoked, has expired, or is for other things"
BODY = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PHOTO_TYPES},
}

bearer = HTTPBearer(auto_error=False, description="The token of the station, as 'stations add' shows it.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]

RequestId = Annotated[
    str,
    Query(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="Chosen by the station, new for each question; the same id gets the same answer.",
    ),
]
PartId = Annotated[
    str, Query(pattern=r"^[!-~]([ -~]{0,126}[!-~])?$", description="The part's number; it comes back with the answer.")
]
JobId = Annotated[str, Query(pattern=r"^([!-~]([ -~]{0,126}[!-~])?)?$", description="The order it belongs to.")]
StationName = Annotated[
    str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="The station that the token was made for.")
]


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What the schema says of these statuses."""
    return {code: {"model": Problem, "description": SAID[code]} for code in codes}


def make_app(limits: Limits, hosts: Hosts, judges: Judges, book: Book) -> FastAPI:
    """The application; ``judges`` are closed when it ends."""
    tokens, places = Tokens(), Places(limits)
    beside = Beside(busy=lambda: places.taken > 0)
    metrics, desk = Metrics(judges, places, beside), Desk(judges, book, beside=beside)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        yield
        desk.close()
        beside.close()
        judges.close()

    app = FastAPI(
        title="Casting inspection for stations",
        version=__version__,
        description=ABOUT,
        docs_url=None,  # it would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.add_middleware(Door, hosts=hosts)

    async def judging(credentials: Credentials) -> Station:
        return _station(tokens, credentials, Scope.JUDGE)

    async def reading(credentials: Credentials) -> Station:
        return _station(tokens, credentials, Scope.METRICS)

    longest = round(1000 * limits.deadline)

    @app.post(
        "/v1/inspections",
        summary="Have a photo judged",
        response_description="The answer, which stands on record.",
        responses=problems(*SAID),
        openapi_extra={"requestBody": BODY},
    )
    async def inspect(
        *,
        request: Request,
        known: Annotated[Station, Depends(judging)],
        station: StationName,
        request_id: RequestId,
        part_id: PartId,
        job_id: JobId = "",
        deadline_ms: Annotated[
            int | None,
            Query(ge=min(SHORTEST, longest), le=longest, description=f"Milliseconds, {longest} if not told."),
        ] = None,
    ) -> Answer:
        """The photo is the body of the request. The answer comes within the deadline, and stands on record."""
        if station != known.name:
            raise Refused(403, "this token is that of another station")
        check_head(request, limits)
        places.take(station)
        try:
            photo = await read_photo(request, limits)
            deadline = Deadline(begun=time.monotonic(), seconds=(deadline_ms or longest) / 1000)
            asked = Asked(
                station=station,
                request=request_id,
                part=part_id,
                job=job_id,
                photo=identity(photo),
                started=round(1000 * time.time()),
            )
            answer, repeated = await desk.answer(asked, photo, deadline)
        finally:
            places.give_back(station)
        metrics.answered(answer, repeated=repeated, seconds=time.monotonic() - deadline.begun)
        return Answer.of(answer)

    @app.get(
        "/health", summary="Whether the service is there", response_description="It is.", responses=problems(400, 403)
    )
    async def health() -> Health:
        """It answers as long as the process lives, whether it can judge or not."""
        return Health()

    @app.get(
        "/ready",
        summary="Whether a photo could be judged now",
        response_description="One could.",
        responses={**problems(400, 403), 503: {"model": Ready, "description": "None could; the reason says why."}},
    )
    async def ready(response: Response) -> Ready:
        """200 where a version is loaded and could judge, 503 where not: photos are then answered with inspect."""
        state = judges.state
        response.status_code = 503 if state.problem else 200
        return Ready(ready=not state.problem, model=state.model, reason=state.problem)

    @app.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={
            **problems(400, 401, 403, 503),
            200: {"description": "Text as Prometheus reads it.", "content": {"text/plain": {}}},
        },
    )
    async def figures(_known: Annotated[Station, Depends(reading)]) -> Response:
        """Needs a token for metrics."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.get("/", include_in_schema=False, response_class=HTMLResponse)
    async def schema() -> HTMLResponse:
        """The schema for people."""
        return HTMLResponse(page(app.openapi()))

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        metrics.refused(error.status)
        return JSONResponse({"detail": error.text}, error.status, error.headers)

    @app.exception_handler(RequestValidationError)
    async def not_valid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        metrics.refused(422)
        return JSONResponse({"detail": _objection(error)}, 422)

    return app


def _station(tokens: Tokens, credentials: HTTPAuthorizationCredentials | None, scope: Scope) -> Station:
    if credentials is None:
        raise Refused(401, NO_TOKEN)
    try:
        found = tokens.station(credentials.credentials, scope=scope)
    except CastingError as error:
        raise Refused(503, "it cannot be said now which tokens count", again=True) from error
    if found is None:
        raise Refused(401, WRONG_TOKEN)
    return found


def _objection(error: RequestValidationError) -> str:
    first = error.errors()[0]
    return f"{first['loc'][-1]}: {first['msg'][:1].lower()}{first['msg'][1:]}"
