import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
import pytest
from playwright.sync_api import sync_playwright
from accounts.tenancy import tenant_scope
from django.db import transaction
from tests.factories.customers import make_contact, make_customer
from customers.services import noting, contacting
from tests.customers.actors import *
pytest_plugins=[]
@pytest.mark.django_db(transaction=True)
def test_it(live_server, acme, ada, bela, sign_in, settings):
    settings.ALLOWED_HOSTS=["*"]; settings.CSRF_TRUSTED_ORIGINS=[live_server.url]
    with tenant_scope(acme), transaction.atomic():
        c=make_customer(); 
        contacting.add_contact(customer=c, kind="email", typed="Ana@post.example", actor=ADA)
        contacting.add_contact(customer=c, kind="phone", typed="+12025550123", actor=ADA, tag="mobile")
        contacting.add_contact(customer=c, kind="handle", typed="@ana", actor=ADA, tag="twitter")
        make_contact(make_customer("Bruno","Reis"),"ana@post.example")
        noting.save_note(customer=c,text="One",based_on=0,actor=BELA,at=NOON)
        noting.save_note(customer=c,text="Two",based_on=1,actor=BELA,at=NOON)
        noting.save_note(customer=c,text="Late",based_on=0,actor=ADA,at=NOON)
    cookie=sign_in(ada).cookies["sessionid"].value
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"])
        ctx=b.new_context(viewport={"width":1280,"height":900}); ctx.add_cookies([{"name":"sessionid","value":cookie,"url":live_server.url}])
        page=ctx.new_page(); errs=[]; page.on("console",lambda m: errs.append(m.text) if m.type=="error" else None); page.on("pageerror",lambda e: errs.append(str(e)))
        base=live_server.url+"/acme/customers/"
        page.goto(base+"new/"); page.fill("[name=emails]","ana@post.example"); page.wait_for_selector("#lookalikes li",timeout=5000)
        page.screenshot(path="/tmp/c_new.png")
        page.goto(base+"1/"); page.screenshot(path="/tmp/c_show.png",full_page=True)
        page.fill("#customer-1-note-text","Three\nlines"); page.locator("h1, .card__name").first.click(); page.wait_for_timeout(1500)
        print(page.locator("[data-note-state]").inner_text())
        page.locator("button[value=both]").click(); page.wait_for_timeout(1000)
        print(repr(page.input_value("#customer-1-note-text")))
        page.goto(base+"1/note/versions/"); page.screenshot(path="/tmp/c_versions.png",full_page=True)
        page.goto(base+"1/edit/"); page.screenshot(path="/tmp/c_edit.png",full_page=True)
        page.goto(base); page.screenshot(path="/tmp/c_list.png")
        print(errs)
        b.close()
