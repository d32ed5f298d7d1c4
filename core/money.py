"""The one place that writes amounts of money for people."""

# ISO 4217: currencies whose smallest unit is not a hundredth.
WHOLE_CURRENCIES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THOUSANDTH_CURRENCIES = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS = dict.fromkeys(WHOLE_CURRENCIES.split(), 0) | dict.fromkeys(THOUSANDTH_CURRENCIES.split(), 3)

# As English writes them (Unicode CLDR, "en"); every other currency is written with its code.
SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "USD": "$",
    "VND": "₫",
}


def minor_digits(currency: str) -> int:
    """How many digits after the point the currency has; two for one we do not know."""
    return MINOR_DIGITS.get(currency, 2)


def format_money(minor: int, currency: str) -> str:
    """An amount in minor units as "€1,250.00", "¥1,250", "CHF 12.50" (with a no-break space) or "-€3.10"."""
    digits = minor_digits(currency)
    whole, part = divmod(abs(minor), 10**digits)
    number = f"{whole:,}" + (f".{part:0{digits}}" if digits else "")
    sign = "-" if minor < 0 else ""
    symbol = SYMBOLS.get(currency) or (f"{currency}\N{NO-BREAK SPACE}" if currency else "")
    return f"{sign}{symbol}{number}"
