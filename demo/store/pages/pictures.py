"""Drawn pictures of products and people, so that nothing is fetched from elsewhere."""

import hashlib
import struct
import zlib
from pathlib import Path
from string import Template

from demo.store.web import Request, Response
from demo.store.world import World

SHAPES = Path(__file__).parents[1] / "shapes"
DRAWN = frozenset({"textiles", "garden", "kitchen", "furniture"})
HUE_OF_PEOPLE = 220
TILE = 96  # pixels


async def show_picture(world: World, request: Request) -> Response:
    """GET …/images/{name}.svg: a product by its handle, or anybody."""
    shop = world.shops.get(request.path["shop"])
    products = shop.state.products if shop else []
    product = next((each for each in products if each.handle == request.path["name"]), None)
    if product is None:
        return _draw("person", HUE_OF_PEOPLE)
    kind = product.product_type.lower()
    return _draw(kind if kind in DRAWN else "other", product.hue)


async def show_tile(world: World, request: Request) -> Response:
    """GET …/images/{name}.png: a plain tile of a color that goes with the name, as letters of a shop carry pictures."""
    color = hashlib.sha256(request.path["name"].encode()).digest()[:3]
    rows = (b"\0" + color * TILE) * TILE
    header = struct.pack(">IIBBBBB", TILE, TILE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return Response(png, content_type="image/png")


def _draw(shape: str, hue: int) -> Response:
    drawing = Template((SHAPES / f"{shape}.svg").read_text())
    svg = drawing.substitute(light=f"hsl({hue} 45% 88%)", dark=f"hsl({hue} 38% 46%)")
    return Response(svg.encode(), content_type="image/svg+xml", headers=(("cache-control", "max-age=3600"),))
