"""Where a service is: at the district's own address, or behind ClassLink's proxy.

The proxy lists the applications of all districts with the partner's token; each one's own token
opens its OneRoster service there (``formats.md`` §2.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rollbook.config.secrets import Secret
from rollbook.config.sources.classlink import ClassLink
from rollbook.config.sources.oneroster_rest import OneRosterRest
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.http.client import Answer, HttpClient, open_client
from rollbook.sources.http.exchange import Exchange
from rollbook.sources.http.signing import BearerSigner
from rollbook.sources.http.waiting import Waiting
from rollbook.sources.json_cells import text

_APPLICATION = "{application}"


def open_service(source: OneRosterRest | ClassLink) -> HttpClient:
    """A client whose paths are those of the OneRoster service.

    Raises ``SourceUnreachable`` and ``InputRefused`` as the client does, and ``SourceUnreachable``
    where the proxy has no application for the tenant that may be used.
    """
    if isinstance(source, OneRosterRest) or source.tenant is None:
        return open_client(source.service, source.auth, source.http)
    application, token = _asked(source, source.tenant)
    tokens = iter([token])

    def fetch() -> Secret:
        """The token that came with the application; once that is refused, the one of now."""
        return next(tokens, None) or _asked(source, source.tenant or "")[1]

    service = source.service.replace(_APPLICATION, quote(application, safe=""))
    return HttpClient(service, BearerSigner(fetch), Exchange(source.http, Waiting()))


def _asked(source: ClassLink, tenant: str) -> tuple[str, Secret]:
    """The id and the token of a tenant's application."""
    with open_client(source.url, source.auth, source.http) as partner:
        answer = partner.get_json("/applications")
    found = _application(answer, tenant)
    application = text(_named(found, "oneroster_application_id"))
    token = text(_named(found, "bearer"))
    if not application or not token:
        raise InputRefused(
            "The application of the tenant has no id or no token.",
            code="no-application",
            file=answer.endpoint,
            remedy="Ask ClassLink to set the application up anew.",
        )
    return application, Secret(token)


def _application(answer: Answer, tenant: str) -> Mapping[str, Any]:
    body = answer.json
    listed = body if isinstance(body, list) else body.get("applications")
    if not isinstance(listed, list):
        raise InputRefused(
            "The answer has no list of applications.",
            code="no-list",
            file=answer.endpoint,
            remedy="Check the url in the district's file: another service answers there.",
        )
    ours = [one for one in listed if isinstance(one, dict) and _of(one) == tenant]
    if not ours:
        raise SourceUnreachable(
            f"{answer.endpoint}: ClassLink has no application for tenant {tenant}.",
            remedy="Have the district approve the application, or correct tenant in its file.",
        )
    if _named(ours[0], "enabled") is False:
        raise SourceUnreachable(
            f"{answer.endpoint}: the application of tenant {tenant} is switched off.",
            remedy="Have the district switch it on again.",
        )
    return ours[0]


def _of(application: Mapping[str, Any]) -> str:
    return text(_named(application, "tenant_id"))


def _named(one: Mapping[str, Any], name: str) -> Any:
    """A field by its name, however it is written: ``tenant_id`` is ``TenantId``, too."""
    plain = name.replace("_", "").lower()
    return next((v for field, v in one.items() if field.replace("_", "").lower() == plain), None)
