"""rollbook keeps a school district's directory in step with its student information system."""

__version__ = "0.1.0"
