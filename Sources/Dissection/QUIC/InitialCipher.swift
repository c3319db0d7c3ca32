private import COpenSSL

/// Opens Initial packets with AES-128-GCM (RFC 9001 sections 5.3 and 5.4).
///
/// The library's two contexts are made once and take other keys for each packet, so that opening allocates nothing.
@safe struct InitialCipher: ~Copyable {
    private static let tagLength = 16

    /// Of AES-128-GCM.
    private let sealing: OpaquePointer
    /// Of single AES blocks, which hide packet numbers.
    private let block: OpaquePointer

    init() {
        // The packets' cipher is no matter of how this machine's other programs are configured.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let sealing = unsafe EVP_CIPHER_CTX_new(), let block = unsafe EVP_CIPHER_CTX_new(),
            unsafe EVP_DecryptInit_ex(sealing, EVP_aes_128_gcm(), nil, nil, nil) == 1,
            unsafe EVP_EncryptInit_ex(block, EVP_aes_128_ecb(), nil, nil, nil) == 1
        else { preconditionFailure("libcrypto has no AES-128") }
        unsafe self.sealing = sealing
        unsafe self.block = block
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(sealing)
        unsafe EVP_CIPHER_CTX_free(block)
    }

    /// Opens a packet.
    ///
    /// - Parameters:
    ///   - packet: From its first byte to its last.
    ///   - packetNumberOffset: Where in it the packet number begins.
    ///   - keys: The client's.
    ///   - payload: Where the payload goes; made longer where it is too short for it.
    /// - Returns: How long the payload is; nil when the keys do not fit.
    func open(
        _ packet: Span<UInt8>, packetNumberOffset: Int, _ keys: InitialKeys, into payload: inout [UInt8]
    ) -> Int? {
        let sampleOffset = packetNumberOffset + 4
        guard packet.count >= sampleOffset + 16 else { return nil }
        let mask = mask(packet.extracting(sampleOffset..<sampleOffset + 16), keys.headerProtection)
        let first = InlineArray<1, UInt8>(repeating: packet[0] ^ mask[0] & 0x0f)
        let numberLength = Int(first[0] & 3) + 1
        // The nonce is the IV with the packet number, in network order, laid over its end.
        var nonce = keys.iv
        var number = InlineArray<4, UInt8>(repeating: 0)
        for index in 0..<numberLength {
            number[index] = packet[packetNumberOffset + index] ^ mask[1 + index]
            nonce[12 - numberLength + index] ^= number[index]
        }
        begin(keys.key, nonce)
        authenticate(first.span)
        authenticate(packet.extracting(1..<packetNumberOffset))
        authenticate(number.span.extracting(first: numberLength))
        return decrypt(packet.extracting(droppingFirst: packetNumberOffset + numberLength), into: &payload)
    }

    /// The block that is laid over the first byte and the packet number (RFC 9001 section 5.4.3).
    private func mask(_ sample: Span<UInt8>, _ key: InlineArray<16, UInt8>) -> InlineArray<16, UInt8> {
        var mask = InlineArray<16, UInt8>(repeating: 0)
        var span = mask.mutableSpan
        var count: Int32 = 0
        unsafe key.span.withUnsafeBufferPointer { key in
            unsafe sample.withUnsafeBufferPointer { sample in
                unsafe span.withUnsafeMutableBufferPointer { mask in
                    unsafe EVP_EncryptInit_ex(block, nil, nil, key.baseAddress, nil)
                    unsafe EVP_EncryptUpdate(block, mask.baseAddress, &count, sample.baseAddress, 16)
                }
            }
        }
        return mask
    }

    private func begin(_ key: InlineArray<16, UInt8>, _ nonce: InlineArray<12, UInt8>) {
        unsafe key.span.withUnsafeBufferPointer { key in
            unsafe nonce.span.withUnsafeBufferPointer { nonce in
                _ = unsafe EVP_DecryptInit_ex(sealing, nil, nil, key.baseAddress, nonce.baseAddress)
            }
        }
    }

    /// Adds bytes of the header, which are not secret but must be as they were sealed.
    private func authenticate(_ header: Span<UInt8>) {
        var count: Int32 = 0
        unsafe header.withUnsafeBufferPointer { header in
            _ = unsafe EVP_DecryptUpdate(sealing, nil, &count, header.baseAddress, Int32(header.count))
        }
    }

    private func decrypt(_ sealed: Span<UInt8>, into payload: inout [UInt8]) -> Int? {
        let length = sealed.count - Self.tagLength
        guard length > 0 else { return nil }
        if payload.count < length { payload = Array(repeating: 0, count: length) }
        var tag = InlineArray<16, UInt8>(repeating: 0)
        for index in tag.indices { tag[index] = sealed[length + index] }
        var tagSpan = tag.mutableSpan
        var count: Int32 = 0
        let isAuthentic = unsafe sealed.withUnsafeBufferPointer { sealed in
            unsafe payload.withUnsafeMutableBufferPointer { payload in
                unsafe tagSpan.withUnsafeMutableBufferPointer { tag in
                    unsafe EVP_DecryptUpdate(sealing, payload.baseAddress, &count, sealed.baseAddress, Int32(length))
                        == 1
                        && EVP_CIPHER_CTX_ctrl(
                            sealing, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), tag.baseAddress) == 1
                        && EVP_DecryptFinal_ex(sealing, payload.baseAddress, &count) == 1
                }
            }
        }
        return isAuthentic ? length : nil
    }
}
