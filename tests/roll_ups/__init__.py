"""How often the roll-up detector is wrong, measured on generated years: ``make roll-up-errors``."""
