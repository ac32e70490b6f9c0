"""Answers that are none: refusals, pages for people, bodies that end too early."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .breaks import Mode

SLOWNESS = 0.2
"""Seconds that a slow answer takes."""

LOGIN_PAGE = "<!DOCTYPE html><html><body><form>Sign in</form></body></html>"


class CutShort(Response):
    """An answer whose connection is closed in the middle of its body."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, which promises all of the body, and half of that."""
        body = bytes(self._whole.body)
        await send(
            {
                "type": "http.response.start",
                "status": self._whole.status_code,
                "headers": self._whole.raw_headers,
            }
        )
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


async def broken(request: Request, mode: Mode, whole: Response) -> Response:
    """What is answered instead of ``whole``."""
    match mode:
        case Mode.UNAUTHORISED:
            return failure(401, "unauthorisedrequest")
        case Mode.FORBIDDEN:
            return failure(403, "forbidden")
        case Mode.NOT_FOUND:
            return failure(404, "unknownobject")
        case Mode.BUSY:
            return failure(429, "server_busy", headers={"Retry-After": "0"})
        case Mode.BUSY_IN_HTML:
            return HTMLResponse(
                "<html><h1>Too Many Requests</h1></html>", 429, headers={"Retry-After": "0"}
            )
        case Mode.FAILS:
            return failure(500, "internal_server_error")
        case Mode.LOGIN_PAGE:
            return HTMLResponse(LOGIN_PAGE)
        case Mode.RESET:
            return CutShort(whole)
        case _:
            await asyncio.sleep(SLOWNESS)
            return whole


REPLACING = (
    Mode.UNAUTHORISED,
    Mode.FORBIDDEN,
    Mode.NOT_FOUND,
    Mode.BUSY,
    Mode.BUSY_IN_HTML,
    Mode.FAILS,
    Mode.LOGIN_PAGE,
    Mode.RESET,
    Mode.SLOW,
)
"""Modes that ``broken`` knows."""


REFERENCE = "imsx_messageRefIdentifier"
"""What a refusal has in 1.1, and must not have in 1.2."""


def failure(status: int, minor: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A refusal as OneRoster 1.1 writes it."""
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": minor,
        REFERENCE: "0",
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
            ]
        },
    }
    return JSONResponse(body, status, headers=headers)
