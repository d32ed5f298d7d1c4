"""Settings of a workspace's stores."""

from accounts.settings_registry import SettingKey, switch

MERGES_ACROSS_STORES = SettingKey(
    key="integrations.merges_across_stores",
    section="Customers",
    label="Merge customers who both have orders, in different stores",
    default=False,
    make_field=switch,
    help_text="Their note is then synchronized with none of the stores.",
)
SETTINGS = (MERGES_ACROSS_STORES,)
