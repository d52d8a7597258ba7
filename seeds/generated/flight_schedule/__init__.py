"""The flight school: lessons in slots that no two people and no aircraft share, moved when the weather says so."""

from ..declaration import Driver, GeneratedSystem

system = GeneratedSystem(
    __file__,
    drivers=(Driver("user", "users"), Driver("lesson", "lessons")),
)
