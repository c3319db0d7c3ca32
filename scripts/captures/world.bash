# shellcheck shell=bash
# A small world for captures: clients – gateway – server, in network namespaces that lead nowhere else.
#
# Clients have addresses of one school (10.187.93.0/24, fd5b:9c2e:71a3:4e88::/64); all names resolve to the server's
# addresses for documentation (RFC 5737, RFC 3849). The clients' address bytes are unlikely ones on purpose, so that a
# search for them in a report or a database finds no chance hits.

readonly PREFIX=${PREFIX:-rollcall}
readonly CLIENT_NET=10.187.93 CLIENT_NET2=10.187.214 CLIENT_NET6=fd5b:9c2e:71a3:4e88: SERVER_NET=198.51.100 SERVER_NET6=2001:db8:5a1e:
readonly RESOLVER=$SERVER_NET.53 RESOLVER6=${SERVER_NET6}:53
declare -A ADDRESS=() # name → the last part of its addresses
PIDS=()
CAPTURING=

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
within() { ip netns exec "$PREFIX-$1" "${@:2}"; }

need() { # PACKAGE…: installs what is missing
    local one missing=()
    for one in "$@"; do
        dpkg-query -W -f '${Status}' "$one" 2>/dev/null | grep -q 'ok installed' || missing+=("$one")
    done
    ((${#missing[@]})) || return 0
    say "${0##*/}: installs ${missing[*]} with apt-get"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

readonly TOOLS=${XDG_CACHE_HOME:-$HOME/.cache}/rollcall-captures
readonly PYTHON=$TOOLS/bin/python3 # with aioquic, QUIC for Python

need_aioquic() {
    if "$PYTHON" -c 'import aioquic' 2>/dev/null; then return 0; fi
    say "${0##*/}: installs aioquic (QUIC for Python) into $TOOLS"
    python3 -m venv --clear "$TOOLS"
    "$TOOLS/bin/pip" install -q aioquic==1.7.2
}

# Deletes the namespaces and everything in them, whatever happened.
world_end() {
    local name pid
    for pid in "${PIDS[@]}" $CAPTURING; do kill "$pid" 2>/dev/null || true; done
    for name in $(ip netns list | awk -v prefix="$PREFIX-" 'index($1, prefix) == 1 { print $1 }'); do
        ip netns pids "$name" | xargs -r kill -KILL 2>/dev/null || true
        ip netns delete "$name"
    done
    rm -rf "/etc/netns/$PREFIX-"*
    rm -rf "$WORK"
}

namespace() { # NAME [RESOLVER]
    ip netns add "$PREFIX-$1"
    within "$1" ip link set lo up
    within "$1" sysctl -qw net.ipv6.conf.default.dad_transmits=0 net.ipv6.conf.default.accept_dad=0
    mkdir -p "/etc/netns/$PREFIX-$1"
    printf 'nameserver %s\noptions timeout:%s attempts:3\n' "${2:-$RESOLVER}" "${RESOLVER_TIMEOUT:-5}" \
        >"/etc/netns/$PREFIX-$1/resolv.conf"
}

# Frames are to look as they do on a cable: no checksum left to a network card, no segment larger than the MTU.
like_a_cable() { within "$1" ethtool -K "$2" tx off tso off gso off gro off >/dev/null; }

# Starts COMMAND in a namespace and waits until its output says "ready", or it listens where it should ("tcp 443").
serve_in() { # NAMESPACE ready|"PROTOCOL PORT" COMMAND…
    local log=$WORK/service-${#PIDS[@]}.log tries
    ip netns exec "$PREFIX-$1" "${@:3}" >"$log" 2>&1 & # not within(): its process would be a shell's
    PIDS+=($!)
    for ((tries = 0; tries < 100; tries++)); do
        if [[ $2 == ready ]]; then grep -q ready "$log" && return
        elif [[ $(within "$1" ss -Hln --"${2% *}" "sport = :${2#* }") ]]; then return; fi
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    die "'${*:3}' did not start: $(tail -n 3 "$log")"
}

name() { # NAME…: gives each name addresses of its own
    local one
    for one in "$@"; do [[ -v ADDRESS[$one] ]] || ADDRESS[$one]=$((60 + ${#ADDRESS[@]})); done
}

world_begin() {
    trap world_end EXIT
    namespace server
    namespace gateway
    ip -n $PREFIX-gateway link add outside0 type veth peer name eth0 netns $PREFIX-server
    ip -n $PREFIX-gateway address add 203.0.113.1/30 dev outside0
    ip -n $PREFIX-gateway address add 2001:db8:0:1::1/64 dev outside0 nodad
    ip -n $PREFIX-gateway link set outside0 up
    ip -n $PREFIX-server address add 203.0.113.2/30 dev eth0
    ip -n $PREFIX-server address add 2001:db8:0:1::2/64 dev eth0 nodad
    ip -n $PREFIX-server link set eth0 up
    ip -n $PREFIX-server route add default via 203.0.113.1
    ip -n $PREFIX-server route add default via 2001:db8:0:1::1
    ip -n $PREFIX-server route add local $SERVER_NET.0/24 dev lo
    ip -n $PREFIX-server -6 route add local ${SERVER_NET6}:/64 dev lo
    # dnsmasq serves TCP only on addresses that a device has.
    ip -n $PREFIX-server address add $RESOLVER/32 dev lo
    ip -n $PREFIX-server address add $RESOLVER6/128 dev lo nodad
    ip -n $PREFIX-gateway route add $SERVER_NET.0/24 via 203.0.113.2
    ip -n $PREFIX-gateway route add ${SERVER_NET6}:/64 via 2001:db8:0:1::2
    ip -n $PREFIX-gateway link add inside0 address 02:9d:6b:e3:5c:01 type bridge
    ip -n $PREFIX-gateway address add $CLIENT_NET.1/24 dev inside0
    ip -n $PREFIX-gateway address add ${CLIENT_NET6}:1/64 dev inside0 nodad
    ip -n $PREFIX-gateway link set inside0 up
    within server sysctl -qw net.ipv6.ip_nonlocal_bind=1
    within gateway sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    like_a_cable gateway outside0
    like_a_cable server eth0
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=sample.invalid \
        -addext subjectAltName=DNS:sample.invalid -keyout "$WORK/key.pem" -out "$WORK/certificate.pem" 2>/dev/null
    # shellcheck disable=SC2034 # for Chromium, in make-captures
    SPKI=$(openssl x509 -in "$WORK/certificate.pem" -pubkey -noout | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | base64)
    mkdir "$WORK/pages"
    echo ok >"$WORK/pages/index.html"
}

# The local DNS knows the names of this world, each with its own addresses, and asks nobody about any other.
serve_dns() {
    local one last
    {
        printf '%s\n' no-resolv no-hosts keep-in-foreground 'local=/#/' cache-size=0 local-ttl=600 edns-packet-max=4096 log-facility=-
        for one in "${!ADDRESS[@]}"; do
            last=${ADDRESS[$one]}
            echo "host-record=$one,$SERVER_NET.$last${IPV6_NAMES:+,${SERVER_NET6}:$last}"
        done
        # A name with more addresses than fit into one packet of 1500 bytes.
        for last in $(seq 1 52) $(seq 200 254); do echo "host-record=many.sample-tool.example,$SERVER_NET.$last"; done
        # HTTPS record (RFC 9460): priority 1, the name itself, alpn=h3.
        echo 'dns-rr=www.youtube.com,65,0001000001000302683300'
    } | sed '/dns-rr/s/00$//' >"$WORK/dnsmasq.conf"
    serve_in server 'udp 53' dnsmasq -C "$WORK/dnsmasq.conf" --pid-file="$WORK/dnsmasq.pid" --user=root
}

serve_tls() {
    serve_in server 'tcp 443' python3 "$HERE/captures/https.py" "$WORK/certificate.pem" "$WORK/key.pem"
    TLS_PID=${PIDS[-1]}
}

serve_http2() { serve_in server 'tcp 443' nghttpd --htdocs="$WORK/pages" 443 "$WORK/key.pem" "$WORK/certificate.pem"; }

stop_tls() { kill "$TLS_PID" && wait "$TLS_PID" 2>/dev/null || true; }

stop_last() { # …service
    kill "${PIDS[-1]}" && wait "${PIDS[-1]}" 2>/dev/null || true
    unset 'PIDS[-1]'
}

serve_quic() { # NAME…: a QUIC server on the addresses of these names
    local one addresses=()
    for one in "$@"; do addresses+=("$SERVER_NET.${ADDRESS[$one]}" ${IPV6_NAMES:+"${SERVER_NET6}:${ADDRESS[$one]}"}); done
    serve_in server ready "$PYTHON" "$HERE/captures/http3.py" serve "$WORK/certificate.pem" "$WORK/key.pem" "${addresses[@]}"
}

# Gives a client's device its addresses and routes.
address_client() { # NAMESPACE LAST
    ip -n "$PREFIX-$1" address add "$CLIENT_NET.$2/24" dev eth0
    ip -n "$PREFIX-$1" address add "${CLIENT_NET6}:$2/64" dev eth0 nodad
    ip -n "$PREFIX-$1" link set eth0 up
    ip -n "$PREFIX-$1" route add default via $CLIENT_NET.1
    ip -n "$PREFIX-$1" route add default via ${CLIENT_NET6}:1
}

client() { # NAMESPACE LAST: a client on a cable of its own at the gateway's inside
    namespace "$1"
    ip -n $PREFIX-gateway link add "port$2" type veth peer name eth0 netns "$PREFIX-$1"
    ip -n "$PREFIX-$1" link set eth0 address "$(printf '02:9d:6b:e3:5c:%02x' "$2")"
    ip -n $PREFIX-gateway link set "port$2" master inside0 up
    like_a_cable "$1" eth0
    like_a_cable gateway "port$2"
    address_client "$1" "$2"
}

tap_at_gateway() { # DEVICE [ADDRESS/LENGTH]
    within gateway ip tuntap add "$1" mode tap
    ip -n $PREFIX-gateway link set "$1" address "02:9d:6b:e3:5d:$(printf %02x $((++TAPS)))" up
    [[ -z ${2:-} ]] || ip -n $PREFIX-gateway address add "$2" dev "$1"
}
TAPS=0

# A client whose cable leads to a switch in user space, wire.py; the gateway's end of that is a tap_at_gateway.
switched_client() { # NAMESPACE LAST
    namespace "$1"
    within "$1" ip tuntap add eth0 mode tap
    ip -n "$PREFIX-$1" link set eth0 address "$(printf '02:9d:6b:e3:5d:%02x' "$2")" up
    ip -n "$PREFIX-$1" address add "$CLIENT_NET2.$2/24" dev eth0
    ip -n "$PREFIX-$1" route add default via $CLIENT_NET2.1
}

capture_begin() { # FILE NAMESPACE DEVICE [TCPDUMP ARGUMENT…]
    local tries
    CAPTURE=$1
    TRUTH=$WORK/truth
    : >"$TRUTH"
    # In immediate mode the buffer has a slot of the snap length for each frame: with the default of 256 kB, for eight.
    ip netns exec "$PREFIX-$2" tcpdump -i "$3" --immediate-mode -s 2048 -B 16384 -U -w "$WORK/capture.pcap" "${@:4}" 2>"$WORK/tcpdump.log" &
    CAPTURING=$!
    for ((tries = 0; tries < 50; tries++)); do
        grep -q 'listening on' "$WORK/tcpdump.log" && return
        sleep 0.1
    done
    die "tcpdump did not start: $(cat "$WORK/tcpdump.log")"
}

capture_end() {
    sleep 0.5 # the last packets are still under way
    kill "$CAPTURING"
    wait "$CAPTURING" || true
    CAPTURING=
    grep -q '^0 packets dropped by kernel' "$WORK/tcpdump.log" || die "$CAPTURE: tcpdump missed frames: $(cat "$WORK/tcpdump.log")"
    mkdir -p "$(dirname "$CAPTURE")"
    cp "$WORK/capture.pcap" "$CAPTURE.pcap"
    python3 "$HERE/captures/truth.py" <"$TRUTH" >"$CAPTURE.expected.json"
    say "$CAPTURE.pcap: $(stat -c %s "$CAPTURE.pcap") bytes"
}
