"""A service under which the store is upgraded stops, and lets the next one go on."""

import pytest
from sqlalchemy import text

from core.scene import Scene
from rollbook.desk.services import ServiceLost, serving
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn


def test_it_stops_and_says_why(scene: Scene) -> None:
    def serve() -> None:
        with serving(scene.desk, host="here", pid=1) as service_id:
            service = Service(scene.desk, service_id, InTurn())
            tick(service)
            with scene.desk.store.write() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            tick(service)

    with pytest.raises(ServiceLost, match="by now"):
        serve()
