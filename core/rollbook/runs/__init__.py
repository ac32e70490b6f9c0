"""One source's trip from fetch to applied, and the decisions that let it go on."""
