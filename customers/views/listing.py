"""The list of customers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.paging import read_page
from customers.filters import CustomerFilter

PAGE_SIZE = 50


@agent_required
@require_GET
def index(request: AgentRequest) -> HttpResponse:
    wanted = CustomerFilter.parse(request.GET.dict())
    page = read_page(wanted.rows(), order=wanted.columns, cursor=request.GET.get("before"), size=PAGE_SIZE)
    context = {
        "customers": page.rows,
        "query": wanted.query,
        "order": wanted.order,
        "next_cursor": page.next_cursor,
    }
    return render(request, "customers/list.html", context)
