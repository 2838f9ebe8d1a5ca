"""An archive is whole or refused; what is in it leads nowhere else."""

import gzip
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.backups.archive import DATABASE, FORMAT, Manifest, name_of, pack, unpack
from provenance.backups.encryption import decrypt, encrypt, keys_in, readers_of
from provenance.backups.errors import BackupError
from provenance.backups.keeping import PERIODS, surplus


def an_archive(folder, **files):
    """An archive of a short text in the place of a database, and of these files."""
    (folder / "copy").write_bytes(b"all of the record")
    manifest = Manifest("2026-11-30T12:00:00+00:00", "sqlite", 1, [], {"a": 1}, [])
    streams = [(name, len(text), io.BytesIO(text)) for name, text in files.items()]
    pack(folder / "a.tar.gz", manifest, folder / "copy", streams)
    return folder / "a.tar.gz", manifest


def members_of(path):
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}


def written(path, members):
    """An archive with these members in the place of what was in one."""
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def refusal(path, folder):
    with pytest.raises(BackupError) as refused:
        unpack(path, folder / "unpacked")
    return str(refused.value)


def test_what_was_packed_is_unpacked(tmp_path):
    path, manifest = an_archive(tmp_path, one=b"1", two=b"")
    assert unpack(path, tmp_path / "out") == manifest
    assert (tmp_path / "out" / DATABASE).read_bytes() == b"all of the record"
    assert (tmp_path / "out" / "files" / "one").read_bytes() == b"1"
    assert (tmp_path / "out" / "files" / "two").read_bytes() == b""


def test_another_byte_in_it_is_found(tmp_path):
    path, _manifest = an_archive(tmp_path, one=b"1")
    members = members_of(path)
    for name in (DATABASE, "files/one"):
        written(path, members | {name: members[name][:-1] + b"?"})
        assert refusal(path, tmp_path) == (
            f"{path} is damaged: “{name}” in it is not what was put there."
        )


def test_a_file_too_few_or_too_many_is_found(tmp_path):
    path, _manifest = an_archive(tmp_path, one=b"1")
    members = members_of(path)
    written(path, {name: members[name] for name in members if name != "files/one"})
    assert "“files/one”" in refusal(path, tmp_path)
    written(path, {"files/two": b"2", **members})
    assert "“files/two”" in refusal(path, tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_one_that_ends_too_early_is_refused(share, tmp_path):
    path, _manifest = an_archive(tmp_path, one=b"1" * 100_000)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert "is no whole backup" in refusal(path, tmp_path)


def test_what_is_none_is_refused(tmp_path):
    path = tmp_path / "a.tar.gz"
    for data in (b"", b"PK\x03\x04", gzip.compress(b"a,b\r\n")):
        path.write_bytes(data)
        assert "is no whole backup" in refusal(path, tmp_path)
    written(path, {"manifest.json": b"[]"})
    assert "manifest.json is broken" in refusal(path, tmp_path)
    written(path, {"manifest.json": json.dumps({"format": "another-2"}).encode()})
    said = "The backup is of the format 'another-2'; this version reads"
    assert refusal(path, tmp_path) == f"{said} {FORMAT}."


@pytest.mark.parametrize("name", ["files/../../out", "/files/out", "out", "../out"])
def test_nothing_is_written_outside_of_the_folder(name, tmp_path):
    path = written(tmp_path / "a.tar.gz", {name: b"!"})
    assert "does not belong into one" in refusal(path, tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_link_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("files/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "does not belong into one" in refusal(tmp_path / "a.tar.gz", tmp_path)


def test_only_who_it_is_encrypted_for_reads_it(tmp_path):
    ours, other = (pyrage.x25519.Identity.generate() for _each in range(2))
    (tmp_path / "plain").write_bytes(b"text")
    encrypt(tmp_path / "plain", tmp_path / "a", readers_of([str(ours.to_public())]))
    assert b"text" not in (tmp_path / "a").read_bytes()
    (tmp_path / "keys").write_text(f"# ours\n{ours}\n")
    decrypt(tmp_path / "a", tmp_path / "b", keys_in(tmp_path / "keys"))
    assert (tmp_path / "b").read_bytes() == b"text"
    with pytest.raises(BackupError, match="is not encrypted for this key"):
        decrypt(tmp_path / "a", tmp_path / "b", [other])


def test_what_is_no_key_is_refused_and_no_secret_shown(tmp_path):
    with pytest.raises(BackupError, match="no public key of age: “nonsense”"):
        readers_of(["nonsense"])
    (tmp_path / "keys").write_text("AGE-SECRET-KEY-1NONSENSE\n")
    with pytest.raises(BackupError) as refused:
        keys_in(tmp_path / "keys")
    assert str(refused.value) == "There is no secret key of age."


A_YEAR = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31))
NUMBERS = st.dictionaries(st.sampled_from([*PERIODS]), st.integers(0, 4))


@given(st.sets(A_YEAR, min_size=1), NUMBERS)
def test_the_newest_of_the_last_periods_are_kept(moments, keep):
    paths = {Path(name_of(moment.replace(tzinfo=UTC))) for moment in moments}
    gone = set(surplus({*paths, Path("notes.txt")}, keep))
    kept = paths - gone
    assert gone < paths  # and nothing that is none of ours
    assert max(paths) in kept
    assert len(kept) <= 1 + sum(keep.values())
    assert not surplus(kept, keep)
    for period, number in keep.items():
        if number:
            days = sorted({path.name[10:18] for path in paths})
            last = datetime.strptime(days[-1], "%Y%m%d").replace(tzinfo=UTC)
            assert PERIODS[period](last) in {
                PERIODS[period](_day(path)) for path in kept
            }


def test_a_week_of_daily_ones_and_a_month_of_weekly_ones_are_kept():
    first = datetime(2026, 11, 1, 3, tzinfo=UTC)  # a Sunday
    paths = [Path(name_of(first + timedelta(days=day))) for day in range(30)]
    gone = surplus(paths, {"daily": 3, "weekly": 3, "monthly": 1})
    assert [path.name[10:18] for path in sorted({*paths} - {*gone})] == [
        "20261122",  # the Sundays before
        "20261128",
        "20261129",
        "20261130",
    ]


def _day(path):
    return datetime.strptime(path.name[10:18], "%Y%m%d").replace(tzinfo=UTC)
