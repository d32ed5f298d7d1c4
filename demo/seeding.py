"""Fill an empty helpdesk with the demo's two workspaces, by the same commands an operator would type.

Nothing of the product is imported: `call_command` runs its management commands by name. Every person, shop and
address here is fiction.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.management import CommandError, call_command

LETTERS = Path(__file__).with_name("letters")
KNOWN = Path(__file__).with_name("customers.csv")
PASSWORD = "demo demo demo"  # printed on the screen when the demo starts


def seed() -> None:
    """Create what is missing. Running it again changes nothing: commands refuse or recognize what is there."""
    _once("create_workspace", "Acme", owner="ada@acme.example", owner_name="Ada", password=PASSWORD)
    _once("add_member", "bela@acme.example", workspace="acme", name="Bela", password=PASSWORD)
    _once("create_workspace", "Globex", owner="cleo@globex.example", owner_name="Cleo", password=PASSWORD)
    _once("create_inbox", "support@acme.example", workspace="acme", name="Support")
    _once("create_inbox", "returns@acme.example", workspace="acme", name="Returns")
    _once("create_inbox", "help@globex.example", workspace="globex", name="Help")
    _connect("acme", "acme-demo.myshopify.com", "demo-token-acme", "demo-secret-acme")
    _connect("globex", "globex-demo.myshopify.com", "demo-token-globex", "demo-secret-globex")
    _field("customer", "choice", "Garden", "Balcony", "Terrace", "Garden", "None")
    _field("order", "choice", "Gift wrapping", "Plain", "With ribbon")
    _field("order", "date", "Deliver by")
    _field("ticket", "choices", "Damage", "Scratched", "Broken", "Part missing")
    _field("ticket", "number", "Refund")
    _field("ticket", "date", "Promised by")
    _letters("support@acme.example", "[023]*.eml")
    _letters("returns@acme.example", "4*.eml")
    _letters("help@globex.example", "1*.eml")
    _people()
    _list()


def _connect(workspace: str, shop: str, token: str, secret: str) -> None:
    _once("connect_store", workspace=workspace, kind="shopify", shop=shop, token=token, secret=secret, sync_notes=True)


def _field(of: str, kind: str, name: str, *options: str) -> None:
    _once("define_field", name, workspace="acme", of=of, kind=kind, option=options, show_in=["list", "filter", "bulk"])


def _letters(inbox: str, pattern: str) -> None:
    names = [str(path) for path in sorted(LETTERS.glob(pattern))]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("receive_email", *names, inbox=inbox, stdout=nowhere)


def _list() -> None:
    """What an older list says of some who wrote: two of them twice, and not the same each time."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        _once("import_customers", str(KNOWN), workspace="acme", match="email", stdout=nowhere)


def _people() -> None:
    """Where some of them live and whom a contract names: one of each kind, one with a slip that is pointed out."""
    home = ["Rua das Acácias 12, 2.º Esq, 1100-048 Lisboa, Portugal", "Rua do Moinho 3, 8000-148 Faro, Portugal"]
    _once("describe_customer", "ana.lopes@shopper.example", workspace="acme", address=home)
    _once("describe_customer", "layla@souq.example", workspace="acme", address=["شارع النخيل 14، دبي، الإمارات"])
    kenji = ["〒150-0002 東京都渋谷区渋谷9丁目8-7 さくらビル 3F"]
    _once("describe_customer", "kenji@tegami.example", workspace="acme", address=kenji)
    _firm("office@atelier.example", "legal_entity", "FR", "14 rue des Lilas, Bât. B, 75020 Paris, France",
          legal_name="Atelier Garnier SARL", legal_address="14 rue des Lilas, 75020 Paris", vat="FR11 123 456 782",
          registration="123 456 782", iban="FR14 2004 1010 0505 0001 3M02 606", bank="Banque du Moulin")  # fmt: skip
    _firm("boris.petrov@mail.example", "sole_trader", "RU", "ул. Садовая, д. 7, кв. 12, 125009 Москва, Россия",
          legal_name="ИП Петров Борис Ильич", legal_address="г. Москва, ул. Садовая, д. 7", inn="500100732258",
          bik="044525225", bank_account="40802810000000000001")  # fmt: skip


def _firm(email: str, contractor: str, country: str, address: str, **details: str) -> None:
    said = [f"{name}={value}" for name, value in details.items()]
    _once("describe_customer", email, workspace="acme", address=[address], contractor=contractor, country=country,
          detail=said)  # fmt: skip


def _once(command: str, *args: str, **options: object) -> None:
    try:
        call_command(command, *args, **options)
    except CommandError as error:
        print(f"{command}: {error}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    django.setup()
    seed()
