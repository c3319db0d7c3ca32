import Testing
import Wire

@Suite struct `Percent-encoding` {
    @Test(arguments: [
        ("AZaz09-._~", "AZaz09-._~"), ("a b+c", "a%20b%2Bc"), ("/?&=#%", "%2F%3F%26%3D%23%25"), ("é", "%C3%A9"),
        ("\n", "%0A"), ("", ""),
    ])
    func `escapes every byte that is not unreserved`(text: String, encoded: String) {
        #expect(text.percentEncoded == encoded)
    }
}
