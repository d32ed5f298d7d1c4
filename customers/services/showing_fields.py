"""What custom fields say, as lines for people, read in the query that reads their owners (F8)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, JSONField, Model
from django.db.models.expressions import RawSQL

from customers.kinds import FieldTarget
from customers.models import CustomField, FieldOption

# Each field once, with all its choices; of a long text the beginning. Written out: the ORM would take as long to put
# it together as PostgreSQL to answer, and a list asks it of every row.
FACTS = """ARRAY(
    SELECT jsonb_build_object('code', field.code, 'name', field.name,
        'is_bare', field.kind IN ('integer', 'number', 'flag'), 'is_yes', bool_or(said.flag) IS TRUE,
        'is_gone', bool_or(option.is_active IS FALSE), 'value', string_agg(coalesce(
            option.label, trim_scale(said.number)::text, to_char(said.date, 'YYYY-MM-DD'),
            to_char(said.moment AT TIME ZONE %s, 'YYYY-MM-DD HH24:MI'),
            CASE said.flag WHEN true THEN 'Yes' WHEN false THEN 'No' END, left(said.text, 200)
        ), ', ' ORDER BY option.position, said.id))
    FROM {values} said JOIN {fields} field ON field.id = said.field_id
    LEFT JOIN {options} option ON option.id = said.option_id
    WHERE said.tenant_id = {owner}.tenant_id AND said.{name}_id = {owner}.id AND field.is_active{listed}
    GROUP BY field.id ORDER BY field.position, field.id)"""


def facts_of(owner: type[Model], *, zone: ZoneInfo, listed: bool = False) -> RawSQL:
    """An annotation of a query of owners: a list of what is said of each, in the order of the fields, as dicts of
    code, name, value, is_gone (an option was switched off), is_bare (says nothing without its name) and is_yes.

    `zone` is the reader's; `listed`: only what lists show.
    """
    relation: Any = owner._meta.get_field("field_values")
    # Names of tables and columns, no value of anybody's.
    sql = FACTS.format(
        values=relation.related_model._meta.db_table,
        fields=CustomField._meta.db_table,
        options=FieldOption._meta.db_table,
        owner=owner._meta.db_table,
        name=relation.field.name,
        listed=" AND field.in_list" if listed else "",
    )
    return RawSQL(sql, (str(zone),), output_field=ArrayField(JSONField()))  # noqa: S611  see above


def has_fields(target: FieldTarget) -> Exists:
    """An annotation: whether anything can be said of owners of this kind."""
    return Exists(CustomField.objects.of(target).active())
