"""Plain words for kinds of record."""

from __future__ import annotations

from rollbook.roster.kinds import Kind

PLURALS: dict[Kind, str] = {
    Kind.ORG: "orgs",
    Kind.ACADEMIC_SESSION: "academic sessions",
    Kind.COURSE: "courses",
    Kind.CLASS: "classes",
    Kind.USER: "people",
    Kind.ROLE: "roles",
    Kind.ENROLLMENT: "enrollments",
    Kind.GUARDIAN: "guardian links",
    Kind.DEMOGRAPHICS: "demographics records",
}
"""What several records of a kind are called."""

SINGULARS: dict[Kind, str] = {
    Kind.ORG: "org",
    Kind.ACADEMIC_SESSION: "academic session",
    Kind.COURSE: "course",
    Kind.CLASS: "class",
    Kind.USER: "person",
    Kind.ROLE: "role",
    Kind.ENROLLMENT: "enrollment",
    Kind.GUARDIAN: "guardian link",
    Kind.DEMOGRAPHICS: "demographics record",
}
"""What one of them is called."""
