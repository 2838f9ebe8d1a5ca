"""A record's version covers its rows and its citations."""


def count_writes(change):
    """Raises the version of each record of which only a part was written."""
    for model, keys in list(change.owners.items()):
        for key in sorted(keys - change.keys(model)):
            _count_write(change, model, key)


def _count_write(change, model, key):
    stored = model._base_manager.filter(pk=key).first()
    if stored is None:
        return  # it was deleted together with its parts
    known = change.at_hand(model, key)
    if known is not None and known.version == stored.version:
        stored = known  # so that it can be saved again by who holds it
    record = getattr(stored, "specific", stored)
    record.save(update_fields=["updated_at"])
    stored.version = record.version
