"""The whole program in one object: the shops, who delivers for them, and where they are kept."""

from dataclasses import dataclass, field
from pathlib import Path

from demo.store import clock, seeding
from demo.store.bucket import Bucket
from demo.store.delivering import Deliverer
from demo.store.journal import Journal
from demo.store.mischief import Mischief
from demo.store.records import ShopState, Subscription
from demo.store.saving import Saver
from demo.store.shop import Announcement, Shop

# What a note-syncing app listens to; subscribed at the start when the program is given a hooks address.
DEFAULT_TOPICS = (
    "CUSTOMERS_CREATE",
    "CUSTOMERS_UPDATE",
    "CUSTOMERS_DELETE",
    "CUSTOMERS_MERGE",
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "APP_UNINSTALLED",
)


@dataclass
class World:
    """Made by `open_world`."""

    public_url: str
    hooks_url: str | None
    saver: Saver
    deliverer: Deliverer = field(default_factory=Deliverer)
    shops: dict[str, Shop] = field(default_factory=dict)

    def tell(self, announcement: Announcement) -> None:
        """Every change of every shop comes by here: webhooks leave, and the state is written soon."""
        self.deliverer.announce(announcement)
        self.keep()

    def keep(self) -> None:
        """Have the state written soon."""
        self.saver.save_soon(shop.state for shop in self.shops.values())

    def reset(self, shop: Shop) -> None:
        """Back to the first day: seeds, no journal, no mischief, a full bucket, nothing on its way."""
        self.deliverer.cancel(shop)
        shop.state = seeding.seeded_shop(shop.state.domain.removesuffix(".myshopify.com"))
        shop.journal, shop.mischief, shop.bucket = Journal(), Mischief(), Bucket()
        self.subscribe_default(shop)
        self.keep()

    def subscribe_default(self, shop: Shop) -> None:
        """Subscribe the start address, if there is one, to the default topics."""
        if self.hooks_url is not None:
            for topic in DEFAULT_TOPICS:
                subscribe(shop, topic=topic, uri=self.hooks_url)

    async def close(self) -> None:
        """Stop the deliveries and write the state."""
        await self.deliverer.close()
        self.saver.save_now(shop.state for shop in self.shops.values())


def open_world(*, public_url: str, data_dir: Path | None = None, hooks_url: str | None = None) -> World:
    """The shops as the last run left them in `data_dir`, else freshly seeded; ValueError on a damaged file."""
    world = World(public_url, hooks_url, Saver(data_dir / "store.json" if data_dir else None))
    kept = world.saver.load()
    for state in kept or seeding.seeded_shops():
        world.shops[state.domain] = _shop(world, state)
    if kept is None:
        for shop in world.shops.values():
            world.subscribe_default(shop)
    return world


def _shop(world: World, state: ShopState) -> Shop:
    return Shop(state, f"{world.public_url}/shops/{state.domain}", world.tell)


def subscribe(
    shop: Shop, *, topic: str, uri: str, include_fields: list[str] | None = None, name: str | None = None
) -> Subscription:
    """A new subscription; one app may hold each (topic, uri) once, which the caller checks."""
    now = clock.now()
    subscription = Subscription(
        id=shop.new_id(),
        topic=topic,
        uri=uri,
        created_at=now,
        updated_at=now,
        include_fields=include_fields or [],
        name=name,
    )
    shop.state.subscriptions.append(subscription)
    return subscription
