"""Who a request comes from, as far as fairness and lockout need to know."""

from __future__ import annotations

import ipaddress

from starlette.types import Scope


def client_of(scope: Scope) -> str:
    """The address that counts as one client; of IPv6 the network of 64 bits that one line has.

    Behind a reverse proxy that the settings trust this is the proxy's client, which the server
    puts there (``ui/commands.py``).
    """
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(host)
