"""District files: what is wrong is named with file and key, what is right comes back unchanged."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.config.district import Approvals, District, Expected, Thresholds
from rollbook.config.home import (
    Home,
    default_home,
    find_district,
    load_district,
    load_districts,
    save_district,
)
from rollbook.config.sources import CleverCsv, OneRosterCsv
from rollbook.errors import ConfigInvalid, NotFound

GOOD = 'name = "North"\n[source]\npath = "/srv/drop"\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


def write(home: Home, district: str, text: str) -> Path:
    path = home.district_file(district)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_short_file_is_enough(home: Home) -> None:
    district = load_district(write(home, "north", GOOD))
    assert (district.id, district.name, district.timezone) == ("north", "North", "UTC")
    assert district.source == OneRosterCsv(path=Path("/srv/drop"))
    assert district.thresholds.removal_percent == 10
    assert district.thresholds.removal_floor == 5


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('name = "North"\n', "source"),
        (GOOD + "colour = 1\n", "source.colour"),
        (GOOD + "[thresholds]\nremoval_percent = 0\n", "thresholds.removal_percent"),
        (GOOD + "[thresholds]\nremoval_percent = 101\n", "thresholds.removal_percent"),
        (GOOD + "[thresholds]\nremoval_floor = 0\n", "thresholds.removal_floor"),
        (GOOD + "[thresholds]\nremoval_percant = 5\n", "thresholds.removal_percant"),
        (GOOD + "[approvals]\napproval_hours = 0\n", "approvals.approval_hours"),
        (GOOD + "[approvals]\napproval_hours = 25\n", "approvals.approval_hours"),
        (GOOD + "[expected.schools]\ns1 = -1\n", "expected.schools.s1"),
        *(
            (f'timezone = "{zone}"\n' + GOOD, "timezone")
            for zone in ("Chicago", "America", "", "/etc/hosts", "../UTC", "right/UTC", "A\\u0000")
        ),
        ('id = "North"\n' + GOOD, "id"),
        (GOOD + 'type = "ftp"\n', "source.type"),
        (GOOD + 'version = "2.0"\n', "source.version"),
        (GOOD + "type = 5\n", "source.type"),
        (GOOD + 'type = "clever-csv"\nversion = "1.1"\n', "source.version"),
        ('name = "North"\nsource = "/srv/drop"\n', "source.type"),
        (GOOD.replace('"North"', '""'), "name"),
    ],
)
def test_an_error_names_file_and_key(home: Home, text: str, key: str) -> None:
    path = write(home, "north", text)
    with pytest.raises(ConfigInvalid) as caught:
        load_district(path)
    assert str(path) in str(caught.value)
    assert f"{key}: " in str(caught.value)
    assert caught.value.remedy


def test_a_file_that_is_no_toml_is_named_with_its_line(home: Home) -> None:
    path = write(home, "north", 'name = "North"\n[source\n')
    with pytest.raises(ConfigInvalid, match="line 2") as caught:
        load_district(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text_is_named(home: Home) -> None:
    path = home.district_file("north")
    path.write_bytes(b"name = '\xff'\n")
    with pytest.raises(ConfigInvalid, match=str(path)):
        load_district(path)


def test_a_folder_called_like_a_district_is_named(home: Home) -> None:
    path = home.district_file("north")
    path.mkdir()
    with pytest.raises(ConfigInvalid, match=str(path)):
        load_district(path)


def test_a_file_with_the_id_of_another_is_refused(home: Home) -> None:
    path = write(home, "north", 'id = "south"\n' + GOOD)
    with pytest.raises(ConfigInvalid, match=r"'south'.*north\.toml"):
        load_district(path)


def test_one_broken_file_does_not_hide_the_others(home: Home) -> None:
    write(home, "b", GOOD)
    write(home, "a", "nonsense")
    write(home, "c", GOOD)
    good, bad = load_districts(home)
    assert [district.id for district in good] == ["b", "c"]
    assert [str(home.district_file("a")) in str(error) for error in bad] == [True]


@pytest.mark.parametrize("asked", ["nobody", "../north", "NORTH", ""])
def test_an_unknown_district_is_answered_with_those_there_are(home: Home, asked: str) -> None:
    write(home, "north", GOOD)
    with pytest.raises(NotFound, match="Districts here: north"):
        find_district(home, asked)


districts = st.builds(
    District,
    id=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True),
    name=st.text(min_size=1, max_size=40),
    timezone=st.sampled_from(["UTC", "America/Chicago", "Pacific/Honolulu"]),
    source=st.builds(
        OneRosterCsv,
        path=st.sampled_from([Path("/srv/drop"), Path('/srv/a "b"\\c')]),
        version=st.sampled_from([None, "1.1", "1.2"]),
        tobedeleted=st.sampled_from(["refuse", "remove"]),
    ),
    thresholds=st.builds(
        Thresholds,
        removal_floor=st.integers(1, 99),
        removal_percent=st.floats(0.5, 100),
        surge_percent=st.floats(0.5, 1000),
    ),
    approvals=st.builds(Approvals, approval_hours=st.integers(1, 24)),
    expected=st.builds(
        Expected,
        students=st.none() | st.integers(0, 99),
        schools=st.dictionaries(st.sampled_from(["s1", "s 2"]), st.integers(0, 9)),
    ),
)


@given(districts)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, made: District) -> None:
    home = Home(tmp_path_factory.getbasetemp() / "round-trip")
    home.create()
    path = save_district(home, made)
    assert load_district(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()


def test_a_saved_file_says_only_what_is_not_the_default(home: Home) -> None:
    path = save_district(
        home, District(id="n", name="North", source=OneRosterCsv(path=Path("/srv")))
    )
    assert (
        path.read_text(encoding="utf-8") == 'id = "n"\nname = "North"\n\n[source]\npath = "/srv"\n'
    )
    assert [file.name for file in home.districts.iterdir()] == ["n.toml"]


def test_a_source_of_another_type_is_written_with_its_type_and_loaded(home: Home) -> None:
    source = CleverCsv(type="clever-csv", path=Path("/srv"))
    path = save_district(home, District(id="n", name="North", source=source))
    assert 'type = "clever-csv"' in path.read_text(encoding="utf-8")
    assert load_district(path).source == source


def test_the_policy_revision_of_a_onerosters_source_is_that_of_before_there_were_others() -> None:
    district = District(id="n", name="North", source=OneRosterCsv(path=Path("/srv")))
    assert district.policy_revision() == "6362ccc00d21209c"


def test_the_policy_revision_follows_what_decides_and_nothing_else() -> None:
    base = District(id="n", name="North", source=OneRosterCsv(path=Path("/srv")))
    same = [
        base.model_copy(update={"name": "Other"}),
        base.model_copy(update={"timezone": "America/Chicago"}),
        base.model_copy(update={"expected": Expected(students=9)}),
        base.model_copy(update={"approvals": Approvals(approval_hours=2)}),
    ]
    other = [
        base.model_copy(update={"thresholds": Thresholds(removal_percent=20)}),
        base.model_copy(update={"thresholds": Thresholds(review_after_pause_days=9)}),
        base.model_copy(update={"source": OneRosterCsv(path=Path("/other"))}),
        base.model_copy(update={"source": CleverCsv(type="clever-csv", path=Path("/srv"))}),
        base.model_copy(update={"source": OneRosterCsv(path=Path("/srv"), tobedeleted="remove")}),
    ]
    assert {district.policy_revision() for district in same} == {base.policy_revision()}
    revisions = [district.policy_revision() for district in (base, *other)]
    assert len(set(revisions)) == len(revisions)


def test_the_home_folder_is_for_its_owner_alone(home: Home) -> None:
    folders = [home.root, home.districts, home.snapshots, home.exports, home.logs, home.locks]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_the_home_folder_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_HOME", "/srv/rollbook")
    assert default_home() == Path("/srv/rollbook")
    monkeypatch.delenv("ROLLBOOK_HOME")
    assert default_home().name == "rollbook"
