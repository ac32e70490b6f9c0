"""The operator's desk: every act an operator can do, one function each.

A desk function takes a ``Desk`` and plain values, checks what the operator may do, writes its
audit entry in the transaction of its effect, and returns a frozen dataclass of
``rollbook.desk.views``. It raises ``rollbook.errors`` and nothing else.
"""
