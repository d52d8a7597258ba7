"""The flight booking system of five services, each with a database of its own."""
