"""esscarto: the map, the figures and the address book of the ESS of a PETR."""

__version__ = "0.1.0"
