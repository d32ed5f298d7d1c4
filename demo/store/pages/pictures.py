"""Drawn pictures of products and people, so that nothing is fetched from elsewhere."""

from pathlib import Path
from string import Template

from demo.store.web import Request, Response
from demo.store.world import World

SHAPES = Path(__file__).parents[1] / "shapes"
DRAWN = frozenset({"textiles", "garden", "kitchen", "furniture"})
HUE_OF_PEOPLE = 220


async def show_picture(world: World, request: Request) -> Response:
    """GET …/images/{name}.svg: a product by its handle, or anybody."""
    shop = world.shops.get(request.path["shop"])
    products = shop.state.products if shop else []
    product = next((each for each in products if each.handle == request.path["name"]), None)
    if product is None:
        return _draw("person", HUE_OF_PEOPLE)
    kind = product.product_type.lower()
    return _draw(kind if kind in DRAWN else "other", product.hue)


def _draw(shape: str, hue: int) -> Response:
    drawing = Template((SHAPES / f"{shape}.svg").read_text())
    svg = drawing.substitute(light=f"hsl({hue} 45% 88%)", dark=f"hsl({hue} 38% 46%)")
    return Response(svg.encode(), content_type="image/svg+xml", headers=(("cache-control", "max-age=3600"),))
