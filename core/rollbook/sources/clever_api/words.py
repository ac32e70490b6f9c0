"""Clever's words and OneRoster's for the same thing (``formats.md`` §1.4 and §4)."""

from __future__ import annotations

GRADES = {
    **{"InfantToddler": "IT", "Preschool": "PR", "PreKindergarten": "PK"},
    **{"TransitionalKindergarten": "TK", "Kindergarten": "KG"},
    **{"PostGraduate": "PS", "Ungraded": "UG"},
    **{str(number): f"{number:02}" for number in range(1, 14)},
}
"""Grades as CEDS writes them; whatever is not here stays as it is."""

SEXES = {"M": "male", "F": "female", "X": "other"}

YES_NO = {"Y": "true", "N": "false"}

RACES = {
    "American Indian": "americanIndianOrAlaskaNative",
    "Asian": "asian",
    "Black or African American": "blackOrAfricanAmerican",
    "Hawaiian or Other Pacific Islander": "nativeHawaiianOrOtherPacificIslander",
    "Caucasian": "white",
    "Two or More Races": "demographicRaceTwoOrMoreRaces",
}
"""The column in which each race is true; Clever has one a student."""

FAMILY = {
    "Parent": "parent",
    "Grandparent": "relative",
    "Aunt/Uncle": "relative",
    "Sibling": "relative",
}
"""What a contact is to a student; everybody else is a guardian."""

GUARDIAN = "guardian"

STAFF = {
    "Principal": "principal",
    "Assistant Principal": "principal",
    "Counselor": "counselor",
    "School Counselor": "counselor",
    "District Administrator": "districtAdministrator",
}
"""What somebody of the staff is, by role or title; everybody else is an aide."""

AIDE = "aide"

HOMEROOM = "homeroom/advisory"
"""The subject of sections that are homerooms."""
