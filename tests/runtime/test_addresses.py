"""Which addresses may be called: every trick that hides one of the inside behind another face."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.addresses import (
    LOCAL,
    PUBLIC_ONLY,
    Allowed,
    NotAllowed,
    allowed_by,
    is_public,
    target_of,
)
from shared.runtime.settings import WrongSettings

INSIDE = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",  # metadata of a cloud
    "127.0.0.1",
    "127.1.2.3",
    "168.63.129.16",  # a cloud's own server
    "169.254.0.23",
    "169.254.169.254",  # metadata of most clouds
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",  # metadata of a cloud
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:0808:0808::1",
    "2606:4700::5efe:7f00:1",  # ISATAP of 127.0.0.1
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # metadata of a cloud
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
OUTSIDE = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "223.5.5.5",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
    "2400:3200::1",
    "2606:4700:4700::1111",
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_inside_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not PUBLIC_ONLY.takes(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_world_are(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_one_counts_as_itself(address: IPv4Address) -> None:
    mapped = IPv6Address(f"::ffff:{address}")
    translated = IPv6Address(f"64:ff9b::{address}")
    assert is_public(mapped) == is_public(translated) == is_public(address)


@given(st.ip_addresses())
def test_what_is_public_is_global_by_the_registries(address: IPv4Address | IPv6Address) -> None:
    if is_public(address) and isinstance(address, IPv4Address):
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not-an-address"),
        ("hooks.example.cn", "not-an-address"),
        ("ftp://hooks.example.cn/", "not-an-address"),
        ("file:///etc/passwd", "not-an-address"),
        ("gopher://hooks.example.cn/", "not-an-address"),
        ("javascript:alert(1)", "not-an-address"),
        ("https://", "not-an-address"),
        ("https:///path", "not-an-address"),
        ("https://hooks.example.cn/#here", "not-an-address"),
        ("https://hooks.example.cn/ x", "not-an-address"),
        ("https://hooks.example.cn/\r\nHost: inside", "not-an-address"),
        ("https://hooks.example.cn\\@127.0.0.1/", "not-an-address"),
        ("https://hooks.example.cn:99999/", "not-an-address"),
        ("https://hooks.example.cn:https/", "not-an-address"),
        (f"https://hooks.example.cn/{'x' * 2_000}", "not-an-address"),
        ("http://hooks.example.cn/", "scheme"),
        ("https://user:word@hooks.example.cn/", "credentials"),
        ("https://hooks.example.cn@127.0.0.1/", "credentials"),
        ("https://@hooks.example.cn/", "credentials"),
        ("https://hooks.example.cn:8443/", "port"),
        ("https://hooks.example.cn:22/", "port"),
        ("https://hooks.example.cn:0/", "port"),
        ("https://127.0.0.1/", "private-address"),
        ("https://10.1.2.3/", "private-address"),
        ("https://169.254.169.254/latest/meta-data", "private-address"),
        ("https://[::1]/", "private-address"),
        ("https://[::ffff:127.0.0.1]/", "private-address"),
        ("https://[::ffff:7f00:1]/", "private-address"),
        ("https://[fe80::1%25eth0]/", "private-address"),
        ("https://[2606:4700::1111%eth0]/", "private-address"),
        ("https://[v1.x]/", "host"),
        ("https://１２７.0.0.1/", "private-address"),
        ("https://127。0。0。1/", "private-address"),
        ("https://2130706433/", "host"),  # all of it in one number
        ("https://0x7f000001/", "host"),
        ("https://0x7f.0.0.1/", "host"),
        ("https://0x7f.1/", "host"),
        ("https://0177.0.0.1/", "host"),
        ("https://127.1/", "host"),
        ("https://127.0.1/", "host"),
        ("https://127.0.0.1./", "host"),
        ("https://1.2.3.4.5/", "host"),
        ("https://256.1.1.1/", "host"),
        ("https://hooks.0x/", "host"),
        ("https://hooks.example.cn./", "host"),
        ("https://hooks..example.cn/", "host"),
        ("https://.example.cn/", "host"),
        ("https://hooks%2eexample.cn/", "host"),
        ("https://hooks_%00.cn/", "host"),
        ("https://-hooks.example.cn/", "host"),
        (f"https://{'x' * 64}.cn/", "host"),
        (f"https://{'x.' * 130}cn/", "host"),
        ("https://exa mple.cn/", "not-an-address"),
        ("https://exam<ple.cn/", "host"),
    ],
)
def test_urls_that_are_refused(url: str, reason: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        target_of(url, PUBLIC_ONLY)
    assert refused.value.reason == reason


def test_a_url_is_taken_apart() -> None:
    target = target_of(
        "https://Hooks.Example.CN/a b".replace(" ", "%20") + "?k=v&x=%2F", PUBLIC_ONLY
    )
    assert (target.scheme, target.host, target.port) == ("https", "hooks.example.cn", 443)
    assert target.authority == "hooks.example.cn"
    assert target.path == "/a%20b?k=v&x=%2F"
    assert target_of("https://8.8.8.8", PUBLIC_ONLY).path == "/"
    assert target_of("https://[2606:4700::1111]/", PUBLIC_ONLY).authority == "[2606:4700::1111]"


def test_a_name_in_chinese_is_asked_for_in_ascii() -> None:
    target = target_of("https://例子.测试/回调", PUBLIC_ONLY)
    assert target.host == "xn--fsqu00a.xn--0zwm56d"
    assert target.path == "/%E5%9B%9E%E8%B0%83"


def test_a_name_that_stands_for_an_address_of_the_inside_is_told_by_where_it_leads() -> None:
    for name in ("localhost", "kubernetes.default.svc", "127.0.0.1.nip.io", "metadata.internal"):
        assert target_of(f"https://{name}/", PUBLIC_ONLY).host == name


def test_ones_own_machine_may_be_called_in_local_mode() -> None:
    local = allowed_by({"JINLIN_MODE": "local"})
    assert local is LOCAL
    target = target_of("http://127.0.0.1:8099/hook", local)
    assert (target.host, target.port, target.authority) == ("127.0.0.1", 8099, "127.0.0.1:8099")
    assert not local.takes(ip_address("169.254.169.254"))


def test_networks_of_the_administration_may_be_named() -> None:
    told = allowed_by({"JINLIN_MODE": "production", "JINLIN_OUTGOING_NETWORKS": "10.20.0.0/16"})
    assert told == Allowed(networks=(ip_network("10.20.0.0/16"),))
    assert told.takes(ip_address("10.20.3.4"))
    assert told.takes(ip_address("::ffff:10.20.3.4"))
    assert not told.takes(ip_address("10.21.3.4"))
    assert allowed_by({}) == PUBLIC_ONLY
    with pytest.raises(WrongSettings, match="OUTGOING_NETWORKS"):
        allowed_by({"JINLIN_OUTGOING_NETWORKS": "10.20.0.1/16"})
