"""Generated data, made on the server from numbers: how a system declares its own is told in `declaration`."""

from .declaration import Driver, GeneratedSystem, Reference, Scope, Undigested

__all__ = ["Driver", "GeneratedSystem", "Reference", "Scope", "Undigested"]
