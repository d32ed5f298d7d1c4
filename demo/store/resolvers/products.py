"""Products and their variants."""

from typing import Any

from demo.store import money
from demo.store.orders import variant_title
from demo.store.paging import Page, page
from demo.store.records import Product, Variant
from demo.store.resolvers.asking import (
    Answer,
    Arguments,
    Context,
    Resolver,
    money_of,
    read_gid,
    record_gid,
    warn_of,
)
from demo.store.search import Index, parse_search
from demo.store.shop import Shop

INDEX = Index[Product](
    fields={
        "id": lambda each: each.id,
        "title": lambda each: each.title,
        "handle": lambda each: each.handle,
        "status": lambda each: each.status,
        "tag": lambda each: each.tags,
        "sku": lambda each: [variant.sku or "" for variant in each.variants],
        "product_type": lambda each: each.product_type,
        "vendor": lambda each: each.vendor,
        "created_at": lambda each: each.created_at,
        "updated_at": lambda each: each.updated_at,
    },
    words=lambda each: [each.title, each.product_type, each.vendor, *each.tags],
)


def _products(source: None, context: Context, arguments: Arguments) -> Page[Product]:
    search = parse_search(arguments.get("query"), INDEX)
    warn_of(context, "products", arguments.get("query"), search.unknown_fields)
    found = [each for each in context.shop.state.products if search.matches(each)]
    values: dict[str, Any] = {
        "TITLE": lambda each: each.title,
        "CREATED_AT": lambda each: each.created_at,
        "UPDATED_AT": lambda each: each.updated_at,
    }
    sort_by = values.get(arguments["sortKey"], lambda each: each.id)
    return page(found, arguments, sort_by=sort_by, identify=lambda each: each.id)


def _product(source: None, context: Context, arguments: Arguments) -> Product | None:
    return context.shop.product(read_gid(arguments["id"], "Product"))


def _variant(source: None, context: Context, arguments: Arguments) -> Variant | None:
    number = read_gid(arguments["id"], "ProductVariant")
    variants = (each for product in context.shop.state.products for each in product.variants)
    return next((each for each in variants if each.id == number), None)


def _variants(product: Product, context: Context, arguments: Arguments) -> Page[Variant]:
    return page(product.variants, arguments, sort_by=lambda each: each.id, identify=lambda each: each.id)


def _prices(product: Product, context: Context, arguments: Arguments) -> Answer:
    prices, currency = [each.price for each in product.variants], context.shop.state.currency
    return {
        "minVariantPrice": money_of(min(prices), currency),
        "maxVariantPrice": money_of(max(prices), currency),
    }


def product_of(shop: Shop, variant: Variant) -> Product:
    """The product a variant belongs to."""
    return next(each for each in shop.state.products if variant in each.variants)


def _online_url(product: Product, context: Context, arguments: Arguments) -> str | None:
    return f"{context.shop.public_url}/products/{product.handle}" if product.status == "ACTIVE" else None


def _options(variant: Variant, context: Context, arguments: Arguments) -> list[Answer]:
    return [{"name": product_of(context.shop, variant).option, "value": variant.title}]


def _full_name(variant: Variant, context: Context, arguments: Arguments) -> str:
    title, own = product_of(context.shop, variant).title, variant_title(variant)
    return f"{title} - {own}" if own else title


def _position(variant: Variant, context: Context, arguments: Arguments) -> int:
    return product_of(context.shop, variant).variants.index(variant) + 1


FIELDS: dict[str, Resolver] = {
    "QueryRoot.products": _products,
    "QueryRoot.product": _product,
    "QueryRoot.productVariant": _variant,
    "Product.id": record_gid,
    "Product.legacyResourceId": lambda product, context, arguments: product.id,
    "Product.onlineStoreUrl": _online_url,
    "Product.priceRangeV2": _prices,
    "Product.publishedAt": lambda product, context, arguments: product.created_at,
    "Product.totalInventory": lambda product, context, arguments: sum(each.inventory for each in product.variants),
    "Product.variants": _variants,
    "ProductVariant.id": record_gid,
    "ProductVariant.legacyResourceId": lambda variant, context, arguments: variant.id,
    "ProductVariant.availableForSale": lambda variant, context, arguments: variant.inventory > 0,
    "ProductVariant.createdAt": lambda variant, context, arguments: product_of(context.shop, variant).created_at,
    "ProductVariant.updatedAt": lambda variant, context, arguments: product_of(context.shop, variant).updated_at,
    "ProductVariant.displayName": _full_name,
    "ProductVariant.inventoryQuantity": lambda variant, context, arguments: variant.inventory,
    "ProductVariant.position": _position,
    "ProductVariant.price": lambda variant, context, arguments: money.in_webhook(
        variant.price, context.shop.state.currency
    ),
    "ProductVariant.product": lambda variant, context, arguments: product_of(context.shop, variant),
    "ProductVariant.selectedOptions": _options,
}
