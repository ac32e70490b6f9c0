"""What is taught: per grade six courses that everybody has, and electives to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.demo.shape import GRADES, MIDDLE


@dataclass(frozen=True, slots=True)
class Subject:
    """A course as a catalogue has it: title, code, the subject's name and its SCED area."""

    title: str
    code: str
    subject: str
    area: str


_ENGLISH, _MATH, _SCIENCE, _SOCIAL = "English", "Mathematics", "Science", "Social Studies"
_LANGUAGE, _ARTS, _FITNESS, _TECHNOLOGY = (
    "World Languages",
    "Arts",
    "Physical Education",
    "Technology",
)

SPECIALS = (
    Subject("Art", "ART", _ARTS, "05"),
    Subject("Music", "MUS", "Music", "05"),
    Subject("Physical Education", "PE", _FITNESS, "08"),
)
"""What elementary classes have besides their homeroom."""

_HIGH = {
    "09": (
        Subject("English 9", "ENG9", _ENGLISH, "01"),
        Subject("Algebra I", "ALG1", _MATH, "02"),
        Subject("Biology", "BIO", _SCIENCE, "03"),
        Subject("World Geography", "GEO", _SOCIAL, "04"),
        Subject("Spanish I", "SPA1", _LANGUAGE, "06"),
        Subject("Physical Education 9", "PE9", _FITNESS, "08"),
    ),
    "10": (
        Subject("English 10", "ENG10", _ENGLISH, "01"),
        Subject("Geometry", "GEOM", _MATH, "02"),
        Subject("Chemistry", "CHEM", _SCIENCE, "03"),
        Subject("World History", "WHIS", _SOCIAL, "04"),
        Subject("Spanish II", "SPA2", _LANGUAGE, "06"),
        Subject("Health", "HLTH", _FITNESS, "08"),
    ),
    "11": (
        Subject("English 11", "ENG11", _ENGLISH, "01"),
        Subject("Algebra II", "ALG2", _MATH, "02"),
        Subject("Physics", "PHYS", _SCIENCE, "03"),
        Subject("U.S. History", "USH", _SOCIAL, "04"),
        Subject("Psychology", "PSY", _SOCIAL, "04"),
        Subject("Computer Science", "CS", _TECHNOLOGY, "10"),
    ),
    "12": (
        Subject("English 12", "ENG12", _ENGLISH, "01"),
        Subject("Precalculus", "PREC", _MATH, "02"),
        Subject("Environmental Science", "ENV", _SCIENCE, "03"),
        Subject("Government", "GOV", _SOCIAL, "04"),
        Subject("Economics", "ECON", _SOCIAL, "04"),
        Subject("Personal Finance", "PFIN", _MATH, "02"),
    ),
}

ELECTIVES = (
    Subject("Band", "BAND", "Music", "05"),
    Subject("Studio Art", "STAR", _ARTS, "05"),
    Subject("Choir", "CHOR", "Music", "05"),
    Subject("Theater", "THEA", _ARTS, "05"),
    Subject("Robotics", "ROBO", _TECHNOLOGY, "21"),
    Subject("Journalism", "JOUR", _ENGLISH, "11"),
    Subject("French", "FREN", _LANGUAGE, "06"),
    Subject("Photography", "PHOT", _ARTS, "05"),
    Subject("Woodshop", "WOOD", _TECHNOLOGY, "13"),
    Subject("Orchestra", "ORCH", "Music", "05"),
)


def homeroom(grade: str) -> Subject:
    """The course of an elementary grade's homeroom."""
    title = "Kindergarten" if grade == "KG" else f"Grade {int(grade)}"
    return Subject(title, f"HR{grade}", "Homeroom", "23")


def core(grade: str) -> tuple[Subject, ...]:
    """The six courses of a grade above the elementary ones."""
    if grade not in MIDDLE:
        return _HIGH[grade]
    number = int(grade)
    return (
        Subject(f"Language Arts {number}", f"LA{number}", _ENGLISH, "51"),
        Subject(f"Math {number}", f"MA{number}", _MATH, "52"),
        Subject(f"Science {number}", f"SC{number}", _SCIENCE, "53"),
        Subject(f"Social Studies {number}", f"SS{number}", _SOCIAL, "54"),
        Subject(f"Physical Education {number}", f"PE{number}", _FITNESS, "58"),
        Subject(f"World Cultures {number}", f"WC{number}", _LANGUAGE, "56"),
    )


def grade_range(first: str, last: str) -> tuple[str, ...]:
    """The grades from one to another, both included."""
    return GRADES[GRADES.index(first) : GRADES.index(last) + 1]
