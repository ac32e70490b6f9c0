"""ClassLink's proxy: a list of applications, and behind each a OneRoster 1.1 server."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from .broken_answers import failure
from .keys import bearer
from .oneroster_app import Served, oneroster_app

PARTNER = "canary-partner-token"


def classlink_proxy(tenants: dict[str, Served]) -> Starlette:
    """The proxy for these tenants: ``GET /applications`` with the partner's token names each one's
    application and bearer, and ``/APPLICATION/ims/oneroster/v1p1`` is its server."""

    async def applications(request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {PARTNER}":
            return failure(401, "unauthorisedrequest")
        return JSONResponse(
            {
                "applications": [
                    {
                        "tenant_id": tenant,
                        "name": f"Tenant {tenant}",
                        "oneroster_application_id": f"app-{tenant}",
                        "bearer": bearer_of(tenant),
                        "enabled": True,
                    }
                    for tenant in tenants
                ]
            }
        )

    servers = [
        Mount(f"/app-{tenant}", oneroster_app(district, bearer(bearer_of(tenant))))
        for tenant, district in tenants.items()
    ]
    return Starlette(routes=[Route("/applications", applications), *servers])


def bearer_of(tenant: str) -> str:
    """The token of a tenant's application."""
    return f"canary-bearer-of-{tenant}"
