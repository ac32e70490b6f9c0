"""What was typed for a new district so far, kept while the form is closed."""

from __future__ import annotations

from dataclasses import dataclass, field

from rollbook.desk.district_forms import SOURCE, form_of, may_be_shown
from rollbook.desk.source_forms import FieldSort, FormField, source_forms

TYPE = "source.type"
HEAD = ("name", "id", "timezone")


@dataclass
class Draft:
    """``own_id`` says that the id is no longer the one that is proposed from the name.

    What several types of source need, such as an address, and what is about the connection is
    theirs in common; any other key of the source each type has for itself.
    """

    type: str = field(default_factory=lambda: source_forms()[0].type)
    own_id: bool = False
    _values: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str:
        """What was typed for a key of ``rollbook.desk.district_forms``; blank where nothing was."""
        return self.type if key == TYPE else self._values.get(self._slot(key), "")

    def put(self, key: str, value: str) -> None:
        """Take down what was typed."""
        if key == TYPE:
            self.type = value
        else:
            self._values[self._slot(key)] = value

    def typed(self) -> dict[str, str]:
        """All of it, for the type that is chosen."""
        keys = (*HEAD, TYPE, *(SOURCE + field.key for field in form_of(self.type).fields))
        return {key: self.get(key) for key in keys}

    def forget_secrets(self) -> None:
        """Let go of whatever was typed for a secret and may be the secret itself."""
        for form in source_forms():
            for secret in form.fields:
                slot = _slot(form.type, secret)
                if secret.sort is FieldSort.SECRET and not may_be_shown(self._values.get(slot, "")):
                    del self._values[slot]

    def _slot(self, key: str) -> str:
        fields = {SOURCE + field.key: field for field in form_of(self.type).fields}
        return _slot(self.type, fields[key]) if key in fields else key


def _slot(source_type: str, of: FormField) -> str:
    shared = of.needed or "." in of.key
    return SOURCE + of.key if shared else f"{source_type} {of.key}"
