"""How each field of the schema is answered: one map a topic, `Type.field` -> function of (source, context, arguments).

A field without a function is read off the source: an attribute of the field's name in snake case, or a key.
"""

from demo.store.resolvers import customers, discounts, merging, orders, products, shop, webhooks
from demo.store.resolvers.asking import Resolver

RESOLVERS: dict[str, Resolver] = {
    **shop.FIELDS,
    **customers.FIELDS,
    **merging.FIELDS,
    **orders.FIELDS,
    **products.FIELDS,
    **discounts.FIELDS,
    **webhooks.FIELDS,
}
