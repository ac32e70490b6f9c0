"""OneRoster REST and ClassLink, asked over real connections."""
