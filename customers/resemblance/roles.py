"""Mailboxes that are read by whoever is on duty: known by their name, whatever the domain."""

from __future__ import annotations

# RFC 2142, and what offices and shops call theirs, in several languages.
_ROLES = frozenset(
    """
    abuse hostmaster info marketing news noc postmaster sales security support usenet webmaster www ftp uucp
    account accounting accounts admin administration administrator admissions advertising alert alerts ask assistance
    billing board booking bookings bounce bounces campus careers cc claims client clients club com communication
    complaints compliance contact contactus contracts cs customer customercare customers customerservice delivery desk
    dev directors dispatch do-not-reply donotreply editor email enquiries enquiry events export feedback finance
    frontdesk general global group hallo hello help helpdesk hi hola home hotel hr import inbox inquiries inquiry
    invoice invoices invoicing it jobs kontakt laboratory law legal letters list local logistics mail mailbox
    mailer-daemon mailing management manager marketplace me media members membership monitoring multimedia network
    newsletter no-reply noreply nobody notice notification notifications notify office offices operations operator
    order orders parts partner partners payment payments payroll personnel pr press privacy procurement production
    project projects promo public purchase purchasing receipts reception recruitment recruiting registrar rental
    reply reservation reservations returns root sale school secretary security-alert server service services shipping
    shop spam staff stats store student subscribe subscribers subscriptions suggestions survey system team tech
    technical technik test testing tickets tickets-reply trade training travel undisclosed-recipients unsubscribe
    updates user users vendor virus visitors warehouse web webadmin welcome work
    anfrage bestellung bewerbung buchhaltung buero büro datenschutz einkauf empfang kundenservice post rechnung
    rechnungen sekretariat verkauf vertrieb verwaltung zentrale
    administracion atencion compras comercial contacto facturacion oficina pedidos recepcion reservas secretaria
    tienda ventas accueil achats commande commandes commercial compta comptabilite direction facturation vente
    acquisti amministrazione contatti ordini segreteria ufficio vendite biuro faktury sekretariat sklep zamowienia
    administracao apoio compras contato encomendas financeiro geral loja reclamacoes vendas zakaz zakupki buh
    buhgalteria ofis otdel prodazhi
    """.split()
)


def is_role(email: str) -> bool:
    """Whether an address is of a task, not of a person: "info@", "orders+paris@", "no_reply@"."""
    own = email.rpartition("@")[0].partition("+")[0].casefold()
    plain = own.replace(".", "").replace("_", "").replace("-", "").rstrip("0123456789")
    return own in _ROLES or plain in _ROLES
