# shellcheck shell=bash
# What a client can do, and what of it an agent is to count. Each function notes with did() what it did; over world.bash.

CLIENT= # whose deeds are noted

# What a client just did, for the truth: MEANS is dns, tls, quic, attributed-… or unnamed-….
did() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${3:-1}" "$CLIENT" >>"$TRUTH"; } # MEANS NAME [COUNT]

lookups() { did dns "$1" "${2:-2}"; } # the system resolver asks for A and for AAAA

visit() { # NAMESPACE NAME [CURL ARGUMENT…]
    local CLIENT=$1
    if [[ " ${*:3} " == *" -4 "* ]]; then lookups "$2" 1; else lookups "$2"; fi # -4 asks for A alone
    did tls "$2"
    within "$1" curl -sk --max-time 20 -o /dev/null "${@:3}" "https://$2/" || die "curl of $2 failed"
}

visit_quic() { # NAMESPACE NAME [HTTP3 ARGUMENT…]
    local CLIENT=$1
    lookups "$2"
    did quic "$2"
    within "$1" timeout 30 "$PYTHON" "$HERE/captures/http3.py" get "${@:3}" "$2"
}

# A ClientHello without a server name, to an address. What it counts for depends on the DNS answers before it.
nameless() { # NAMESPACE ADDRESS [S_CLIENT ARGUMENT…]
    within "$1" timeout 20 openssl s_client -connect "$2:443" -noservername "${@:3}" </dev/null >/dev/null 2>&1
}

# Chromium asks for A, HTTPS and, where the client has IPv6, AAAA. How many connections it opens is its own affair, so its own log is asked.
# The resolver rule keeps its calls home from looking like a pupil's.
browse() { # NAMESPACE NAME [CHROMIUM ARGUMENT…]
    local CLIENT=$1
    within "$1" timeout 60 chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --disable-default-apps --disable-domain-reliability --no-pings \
        --user-data-dir="$WORK/chromium-$1" --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE $2" \
        --ignore-certificate-errors-spki-list="$SPKI" --ignore-certificate-errors --log-net-log="$WORK/net-$1.json" \
        "${@:3}" --dump-dom "https://$2/" >"$WORK/chromium-$1.log" 2>&1 || die "chromium failed: $(tail -n 3 "$WORK/chromium-$1.log")"
    grep -q ok "$WORK/chromium-$1.log" || die "chromium saw no page: $(tail -n 5 "$WORK/chromium-$1.log")"
    lookups "$2" "$([[ $(ip -n "$PREFIX-$1" -6 address show scope global) ]] && echo 3 || echo 2)"
    did tls "$2" "$(chromium_count "$WORK/net-$1.json" SSL_CONNECT)"
    did quic "$2" "$(chromium_count "$WORK/net-$1.json" QUIC_SESSION)"
    rm -rf "$WORK/chromium-$1"
}

chromium_count() { # LOG EVENT: how often the event began
    python3 - "$@" <<'END'
import json, sys
log = json.load(open(sys.argv[1]))
event, begin = log["constants"]["logEventTypes"][sys.argv[2]], log["constants"]["logEventPhase"]["PHASE_BEGIN"]
print(sum(one["type"] == event and one["phase"] == begin for one in log["events"]))
END
}
