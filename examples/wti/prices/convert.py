"""USD per barrel, as the EIA publishes it, into the price files of this directory: one file per crisis, CNY per tonne.

    python examples/wti/prices/convert.py wti-daily.csv

The input is the EIA's series RWTC (Cushing, OK WTI spot price FOB, daily) as CSV with the columns Date and Price.
CNY/t = USD/bbl × 7.33 bbl/t × 7.0 CNY/USD: constants of this example, not of their days, so that the files show the
oil price alone. published_at is the day's 20:00 UTC, after the settlement at 14:30 in New York.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

CNY_T = Decimal("7.33") * Decimal("7.0")
CRISES = {
    "2008": ("2008-06-01", "2009-01-31"),
    "2014": ("2014-06-01", "2015-03-31"),
    "2020": ("2020-01-02", "2021-03-31"),
    "2022": ("2022-02-01", "2022-12-31"),
}
HEADER = "ref,good,provider,region,basis,currency,unit,price,published_at\n"
PROVIDER = "U.S. Energy Information Administration"


def main(source: Path, target: Path) -> None:
    """Write one file per crisis."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = [(row["Date"], Decimal(row["Price"])) for row in csv.DictReader(file)]
    for name, (first, last) in CRISES.items():
        lines = [
            f"WTI-CUSHING,WTI,{PROVIDER},Cushing,spot FOB,CNY,CNY/t,{usd * CNY_T:.2f},{day}T20:00:00Z\n"
            for day, usd in rows
            if first <= day <= last
        ]
        (target / f"wti-{name}.csv").write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
