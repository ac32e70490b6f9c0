"""What a record refers to, what it belongs to, and under which school it is counted."""

import pytest

from rollbook.roster.kinds import KIND_ORDER, SHAPES, Kind, RoleGroup, role_group
from rollbook.roster.records import Values, owners, referred, schools_of


def test_every_kind_comes_after_what_it_belongs_to() -> None:
    for kind, shape in SHAPES.items():
        for reference in shape.references:
            assert reference.field in shape.fields
            if reference.owner:
                assert KIND_ORDER[reference.kind] < KIND_ORDER[kind]


def test_list_fields_refer_once_for_each_item() -> None:
    values: Values = {"school_id": "s1", "course_id": "k1", "term_ids": ["fall", "spring"]}
    assert sorted(referred(Kind.CLASS, values)) == [
        (Kind.ACADEMIC_SESSION, "fall", "term_ids"),
        (Kind.ACADEMIC_SESSION, "spring", "term_ids"),
        (Kind.COURSE, "k1", "course_id"),
        (Kind.ORG, "s1", "school_id"),
    ]


@pytest.mark.parametrize(
    ("kind", "values", "belongs_to"),
    [
        (Kind.CLASS, {"school_id": "s1", "course_id": "k1"}, {(Kind.ORG, "s1")}),
        (Kind.USER, {"primary_org_id": "s1"}, set()),
        (Kind.ROLE, {"user_id": "u", "org_id": "s1"}, {(Kind.USER, "u"), (Kind.ORG, "s1")}),
        (
            Kind.ENROLLMENT,
            {"user_id": "u", "class_id": "c", "school_id": "s1"},
            {(Kind.USER, "u"), (Kind.CLASS, "c")},
        ),
        (
            Kind.GUARDIAN,
            {"student_id": "u", "guardian_id": "g"},
            {(Kind.USER, "u"), (Kind.USER, "g")},
        ),
        (Kind.DEMOGRAPHICS, {"sex": "female"}, {(Kind.USER, "x")}),
    ],
)
def test_owners(kind: Kind, values: Values, belongs_to: set[tuple[Kind, str]]) -> None:
    assert set(owners(kind, "x", values)) == belongs_to


@pytest.mark.parametrize(
    ("kind", "values", "school"),
    [
        (Kind.ORG, {"type": "school"}, "x"),
        (Kind.ORG, {"type": "district"}, None),
        (Kind.ACADEMIC_SESSION, {"title": "Fall"}, None),
        (Kind.COURSE, {"org_id": "s1"}, "s1"),
        (Kind.CLASS, {"school_id": "s1"}, "s1"),
        (Kind.USER, {"primary_org_id": "s1"}, "s1"),
        (Kind.ROLE, {"org_id": "s2"}, "s2"),
        (Kind.ENROLLMENT, {"school_id": "s1"}, "s1"),
        (Kind.GUARDIAN, {"student_id": "x", "guardian_id": "g"}, "of x"),
        (Kind.GUARDIAN, {"student_id": "y"}, None),
        (Kind.DEMOGRAPHICS, {}, "of x"),
    ],
)
def test_the_school_under_which_a_record_is_counted(
    kind: Kind, values: Values, school: str | None
) -> None:
    assert schools_of(kind, {"x": "of x"})("x", values) == school


@pytest.mark.parametrize(
    ("role", "group"),
    [
        ("student", RoleGroup.STUDENT),
        ("parent", RoleGroup.GUARDIAN),
        ("guardian", RoleGroup.GUARDIAN),
        ("relative", RoleGroup.GUARDIAN),
        ("teacher", RoleGroup.STAFF),
        ("districtAdministrator", RoleGroup.STAFF),
        (None, RoleGroup.STAFF),
    ],
)
def test_role_groups(role: str | None, group: RoleGroup) -> None:
    assert role_group(role) is group
