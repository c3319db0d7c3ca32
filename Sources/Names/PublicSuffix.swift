private import CPSL

extension HostName {
    /// Whether the name is an ending that a registry gives names under, such as `com` or `k12.ny.us`.
    ///
    /// Only the list's ICANN part counts here: `wordpress.com` is in its private part, because strangers own the names
    /// below it, but it is a service with an owner all the same.
    public var isPublicSuffix: Bool {
        // The list that is compiled into libpsl lives as long as the process.
        unsafe text.withCString { name in
            guard let list = unsafe psl_builtin() else { return false }
            return unsafe psl_is_public_suffix2(list, name, PSL_TYPE_ICANN) != 0
        }
    }
}
