import Names
import Testing

@Suite struct `Host name` {
    @Test(arguments: [
        ("WWW.Example.COM", "www.example.com"), ("example.com.", "example.com"), ("localhost", "localhost"),
        ("_dns.resolver.arpa", "_dns.resolver.arpa"), ("a\\.b.example.com", "a\\.b.example.com"),
        ("a\\046b.example", "a\\046b.example"), ("odd\\\\.example", "odd\\\\.example"),
        ("trailing\\.", "trailing\\."), ("xn--schler-6ya.example", "xn--schler-6ya.example"),
    ])
    func `is read in its one form`(text: String, form: String) {
        #expect(HostName(text)?.text == form)
    }

    @Test(arguments: [
        "", ".", "..", ".example.com", "bad..example", "example.com..", "with space.example", "schüler.example",
        "tail\\", "cut\\04", "large\\256", "tab\t.example", String(repeating: "a", count: 64) + ".example",
        Array(repeating: "abcdefghi", count: 26).joined(separator: "."),
    ])
    func `what cannot be a name is none`(text: String) {
        #expect(HostName(text) == nil)
    }

    @Test func `the longest label and the longest name are names`() {
        #expect(HostName(String(repeating: "a", count: 63) + ".example") != nil)
        // 25 labels of 10 bytes on the wire, one of 4, and the root's byte: 255.
        let longest = Array(repeating: "abcdefghi", count: 25).joined(separator: ".") + ".abc"
        #expect(HostName(longest) != nil)
        #expect(HostName(longest + "d") == nil)
    }

    @Test func `labels are cut at dots that are not escaped`() {
        #expect(HostName("a\\.b.c\\\\.example")?.labels == ["a\\.b", "c\\\\", "example"])
        #expect(HostName("a\\.b.example")?.parent?.text == "example")
        #expect(HostName("example")?.parent == nil)
    }

    @Test func `a name is within itself and what is above it, by whole labels`() throws {
        let name = try #require(HostName("www.example.com"))
        #expect(name.isWithin(name))
        #expect(try name.isWithin(#require(HostName("example.com"))))
        #expect(try !name.isWithin(#require(HostName("ample.com"))))
        #expect(try !#require(HostName("a\\.example.com")).isWithin(#require(HostName("example.com"))))
    }
}

@Suite struct `Registrable domain` {
    @Test(arguments: [
        ("www.example.com", "example.com"), ("example.com", "example.com"), ("a.b.c.example.co.uk", "example.co.uk"),
        ("school.k12.ny.us", "school.k12.ny.us"), ("pages.someone.github.io", "someone.github.io"),
        ("www.example.unlisted-suffix", "example.unlisted-suffix"),
        ("foo\\.example.com", "foo\\.example.com"), ("x.a\\046b.com", "a\\046b.com"),
    ])
    func `is the public suffix and one label more`(name: String, domain: String) {
        #expect(HostName(name)?.registrableDomain?.text == domain)
    }

    @Test(arguments: [
        "com", "co.uk", "github.io", "printer", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "printer.local",
        "1.2.0.192.in-addr.arpa", "host.home.arpa", "a.b.internal",
    ])
    func `there is none for suffixes, single labels, addresses and special-use names`(name: String) {
        #expect(HostName(name)?.registrableDomain == nil)
    }

    @Test(arguments: [
        ("a.b.c.example.com", ["b.c.example.com", "c.example.com", "example.com"]),
        ("example.com", []), ("com", []), ("printer", []), ("192.0.2.1", []),
        ("scanner.printer.local", ["printer.local", "local"]), ("local", []),
        ("1.2.0.192.in-addr.arpa", ["2.0.192.in-addr.arpa", "0.192.in-addr.arpa", "192.in-addr.arpa", "in-addr.arpa"]),
    ])
    func `counts fold up to it and no further`(name: String, parents: [String]) {
        #expect(HostName(name)?.foldingParents.map(\.text) == parents)
    }
}
