"""A desk, a small school information system behind it, and a clock: what most tests play with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.scripted_clock import Clock
from core.small_sis import SmallSis, Version
from postgres.server import Server
from rollbook.config.district import District
from rollbook.config.home import find_district, save_district
from rollbook.desk import decisions, districts, history, syncing
from rollbook.desk.change_lists import changes
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import ChangeFilter, ChangeRow, HoldView, RunView
from rollbook.directory import runs
from rollbook.directory.apply import generation_of
from rollbook.directory.records import load_directory
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values
from rollbook.roster.states import UNDECIDED

NORTH = "north"

Held = dict[Kind, dict[str, Values]]
"""What a directory holds, without versions."""


@dataclass
class Scene:
    """The district ``north`` in Chicago's zone, its files in ``drop``."""

    desk: Desk
    sis: SmallSis
    drop: Path
    clock: Clock
    others: list[Desk] = field(default_factory=list)

    def at(self, operator: str = "lee", *, read_only: bool = False) -> Desk:
        """Another desk on the same store; closed with the scene."""
        desk = open_desk(
            self.desk.home.root,
            store_url=self.desk.store.url,
            operator=operator,
            clock=self.clock,
            read_only=read_only,
        )
        self.others.append(desk)
        return desk

    def sync(self, *, preview: bool = False, version: Version = "1.1") -> RunView:
        """Write the set as the system has it now, and sync."""
        self.sis.write(self.drop, version)
        return syncing.sync(self.desk, NORTH, preview=preview)

    def approve(self, hold: HoldView) -> RunView:
        """Approve a hold with the number that it shows; where it wants two people, as two."""
        view = self.approve_as("sam", hold)
        if decisions.hold(self.desk, hold.id).state in UNDECIDED:
            view = self.approve_as("lee", hold)
        return view

    def approve_as(self, operator: str, hold: HoldView) -> RunView:
        """Approve a hold as one operator, with the number that it shows."""
        desk = replace(self.desk, operator=operator)
        return decisions.approve(desk, hold.id, confirm=hold.count, reason="seen")

    def sync_through(self, *, version: Version = "1.1") -> RunView:
        """Sync, and approve whatever is held."""
        view = self.sync(version=version)
        while waiting := [h for h in decisions.holds(self.desk, NORTH) if h.run == view.summary.id]:
            view = self.approve(waiting[0])
        return view

    def run(self, run: str) -> RunView:
        """A run as it stands now."""
        return history.run(self.desk, run)

    def rows(self, run: str, **wanted: object) -> list[ChangeRow]:
        """The changes of a run that fit."""
        return list(changes(self.desk, run, ChangeFilter(**wanted)))  # type: ignore[arg-type]

    def held(self) -> Held:
        """Everything that the directory holds now."""
        with self.desk.store.read() as connection:
            directory = load_directory(connection, NORTH)
        return {kind: {i: r.values for i, r in directory[kind].items()} for kind in Kind}

    def users(self) -> dict[str, Values]:
        """The people whom the directory holds now."""
        return self.held()[Kind.USER]

    def generation(self) -> int:
        """How often the directory has been written."""
        with self.desk.store.read() as connection:
            return generation_of(connection, NORTH)

    def configure(self, **tables: object) -> District:
        """Change the district's file, as an operator with an editor does."""
        district = find_district(self.desk.home, NORTH)
        changed = District.model_validate(
            district.model_dump()
            | {
                name: getattr(district, name).model_dump() | value
                if isinstance(value, dict) and getattr(district, name) is not None
                else value
                for name, value in tables.items()
            }
        )
        save_district(self.desk.home, changed)
        return changed

    def close(self) -> None:
        """Give the store back."""
        for desk in (*self.others, self.desk):
            desk.close()


def new_scene(
    folder: Path, sis: SmallSis, clock: Clock | None = None, *, server: Server | None = None
) -> Scene:
    """A new home with the district added and nothing synced; on ``server`` or in a file."""
    clock = clock or Clock()
    url = server.url(server.new_database()) if server else None
    desk = open_desk(folder / "home", store_url=url, operator="sam", clock=clock)
    scene = Scene(desk, sis, sis.write(folder / "drop"), clock)
    districts.add_district(desk, NORTH, name="North", timezone="America/Chicago", path=scene.drop)
    return scene


@dataclass(frozen=True)
class Saved:
    """A scene as it was when it was saved; ``rewound`` gives it back, in the same place.

    The desk stays the same one, so that its statements need not be compiled for every test.
    """

    scene: Scene
    folder: Path
    server: Server | None = None
    database: str = ""
    """The copy of the store, where that is on a server."""

    def rewound(self) -> Scene:
        """The scene as it was saved, whatever was done to it since."""
        scene, home = self.scene, self.scene.desk.home.root
        scene.desk.close()
        if self.server:
            self.server.copy_over(self.database, str(scene.desk.store.engine.url.database))
        for place, copy in ((home, "home"), (scene.drop, "drop")):
            shutil.rmtree(place)
            shutil.copytree(self.folder / copy, place)
        clock = Clock(scene.clock.now)
        return Scene(replace(scene.desk, clock=clock), scene.sis.copy(), scene.drop, clock)


def saved(scene: Scene, folder: Path, server: Server | None = None) -> Saved:
    """Keep a scene as it is now; the scene itself is not to be used any more."""
    scene.close()
    shutil.copytree(scene.desk.home.root, folder / "home")
    shutil.copytree(scene.drop, folder / "drop")
    if not server:
        return Saved(scene, folder)
    return Saved(
        scene, folder, server, server.new_database(str(scene.desk.store.engine.url.database))
    )


def configure_quietly(scene: Scene, **tables: object) -> None:
    """As ``Scene.configure``, but taken for reviewed: the next run is none (R9)."""
    revision = scene.configure(**tables).policy_revision()
    with scene.desk.store.write() as connection:
        runs.set_policy_revision(connection, NORTH, revision)
