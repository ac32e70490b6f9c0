"""A school year of five generated districts, day by day through the real engine.

``python -m year`` lives it, ``make year`` all of it, with its report. Every district is of another
kind (``profiles.py``). Its information system changes a little every day (``everyday.py``), a lot
at the turns of the year (``turning.py``), and now and then sends something that it should not
(``accidents.py``). Nobody tells the engine which is which; ``operators.py`` decides by the truth,
and ``report.py`` says what was held, and whether it was right.
"""
