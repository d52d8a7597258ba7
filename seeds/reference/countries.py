"""Countries and currencies: ISO 3166 and ISO 4217, as the Unicode data in Babel have them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

# alpha-3 codes that ISO 3166 has withdrawn, which Unicode keeps as aliases of a successor
_WITHDRAWN = frozenset(["ANT", "BUR", "DDR", "FXX", "NTZ", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"])
# of no standard yet: what passports and the European Union write, where Unicode has XKK
_IN_USE = {"XK": "XKX"}
# territories with a code of their own that are part of a country or of none
_RESERVED = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN", "XA", "XB", "QO", "ZZ"])


@dataclass(frozen=True, slots=True)
class Country:
    """`code` has two letters, `code3` three; `currency` is the legal tender of today, or None."""

    code: str
    code3: str
    name: str
    currency: str | None


@dataclass(frozen=True, slots=True)
class Currency:
    """`digits` are those after the decimal point of an amount."""

    code: str
    name: str
    symbol: str
    digits: int


@cache
def countries() -> tuple[Country, ...]:
    """Every country with a code, by code; names in English."""
    from babel import Locale
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    names = cast("dict[str, str]", Locale("en").territories)
    aliases = cast("dict[str, list[str]]", get_global(cast("Any", "territory_aliases")))
    found: dict[str, Country] = {}
    for code3, codes in aliases.items():
        code = codes[0]
        if len(code3) == 3 and code3.isalpha() and code3 not in _WITHDRAWN and code not in _RESERVED and code in names:
            tender = get_territory_currencies(code)
            found[code] = Country(code, _IN_USE.get(code, code3), names[code], tender[0] if tender else None)
    return tuple(found[code] for code in sorted(found))


@cache
def currencies() -> tuple[Currency, ...]:
    """Every currency that is the tender of a country, by code; names in English."""
    from babel.numbers import get_currency_name, get_currency_precision, get_currency_symbol

    codes = sorted({country.currency for country in countries() if country.currency})
    return tuple(
        Currency(
            code, get_currency_name(code, locale="en"), get_currency_symbol(code, "en"), get_currency_precision(code)
        )
        for code in codes
    )


@cache
def alpha3() -> dict[str, str]:
    """Codes of three letters by those of two."""
    return {country.code: country.code3 for country in countries()}
