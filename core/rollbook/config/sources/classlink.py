"""A source that is ClassLink."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from rollbook.config.sources.rest_source import RestSource


class ClassLink(RestSource):
    """ClassLink's OneRoster service, the district's own or by way of the proxy.

    Without a ``tenant``, ``url`` is the base of the district's own service. With one, it is the
    proxy's, ``auth`` holds the partner's token, and ``path`` leads from there to the service of
    the tenant's application, whose id and token the proxy says.
    """

    type: Literal["classlink"]
    tenant: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    path: Annotated[str, StringConstraints(pattern=r"^/[^\s?#]*$")] = (
        "/{application}/ims/oneroster/v1p1"
    )

    @model_validator(mode="after")
    def _proxy_wants_a_token(self) -> ClassLink:
        if self.tenant is not None and self.auth.type != "bearer":
            raise ValueError("the proxy is asked with the partner's token: auth.type is bearer")
        return self

    @property
    def service(self) -> str:
        """The address of the service; behind the proxy with ``{application}`` in it."""
        return self.url if self.tenant is None else self.url.rstrip("/") + self.path
