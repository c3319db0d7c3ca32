// swift-tools-version: 6.2
import PackageDescription

/// One list for every target, so that no target is laxer than another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    // ~Escapable readers over the capture's buffer; swift-nio's Package.swift says why this is sound to use.
    .enableExperimentalFeature("Lifetimes"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
    static let logging = product(name: "Logging", package: "swift-log")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let tomlKit = product(name: "TOMLKit", package: "TOMLKit")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

let package = Package(
    name: "rollcall",
    products: [
        .executable(name: "rollcall-agent", targets: ["rollcall-agent"]),
        .executable(name: "rollcall-collector", targets: ["rollcall-collector"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // System libraries
        .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Both sides
        library("Names", ["CPSL"]),
        library("Settings", [.tomlKit]),
        library("Wire", ["CZlib"]),

        // The agent's
        library("Capture", ["CLinux", "CPcap"]),
        library(
            "Dissection", ["COpenSSL"],
            resources: [
                .embedInCode("Lists/encrypted-dns.txt"), .embedInCode("Lists/ech-public-names.txt"),
                .embedInCode("Lists/hidden-services.txt"),
            ]),
        library("TrafficMaker", ["Dissection", .crypto, .cryptoExtras]),
        library("Tally", ["Dissection", "Names", "Registry", "Wire"]),
        library("Service", ["CLinux", .logging]),
        library("Shipping", ["Wire", .asyncHTTPClient, .crypto, .nioCore, .nioHTTP1, .nioPosix, .nioSSL]),
        .executableTarget(
            name: "rollcall-agent",
            dependencies: [
                "Capture", "Dissection", "Names", "Registry", "Service", "Settings", "Shipping", "Tally", "Wire",
                .argumentParser, .logging, .serviceLifecycle, .unixSignals,
            ],
            path: "agent",
            swiftSettings: settings),

        // Benchmarks
        .executableTarget(
            name: "rollcall-traffic", dependencies: ["TrafficMaker", .argumentParser], path: "Benchmarks/traffic",
            swiftSettings: settings),
        .executableTarget(
            name: "rollcall-attribution", dependencies: ["Capture", "Dissection", .argumentParser],
            path: "Benchmarks/attribution", swiftSettings: settings),
        .executableTarget(
            name: "rollcall-layers",
            dependencies: ["Capture", "Dissection", "Tally", "TrafficMaker", "Wire", .argumentParser],
            path: "Benchmarks/layers", swiftSettings: settings),
        .executableTarget(
            name: "rollcall-district",
            dependencies: ["Identity", "Matching", "Registry", "Store", "Wire", .argumentParser],
            path: "Benchmarks/district",
            swiftSettings: settings),

        // The collector's
        library("Programme", ["Registry", "Settings", "Wire"]),
        library(
            "Alerts",
            [
                "Programme", "Registry", "Settings", "Wire", .asyncHTTPClient, .crypto, .nioCore, .nioHTTP1, .nioPosix,
                .nioSSL,
            ]),
        library("Registry", ["Names", "Wire"]),
        library("Matching", ["Names", "Registry"]),
        library("Identity", [.crypto, .cryptoExtras]),
        library("SignOn", ["Identity", "Wire", .asyncHTTPClient, .crypto, .jwtKit, .nioCore, .nioHTTP1]),
        library(
            "Store", ["Alerts", "Identity", "Matching", "Names", "Programme", "Registry", "Wire", .grdb, .logging]),
        library("Usage", ["Matching", "Names", "Registry", "Store", "Wire"]),
        library(
            "Pages", ["Alerts", "Identity", "Programme", "Registry", "Store", "Usage", "Wire", .mustache],
            resources: [.embedInCode("Templates"), .embedInCode("Static")]),
        .executableTarget(
            name: "rollcall-collector",
            dependencies: [
                "Alerts", "Programme",
                "Identity", "Matching", "Names", "Pages", "Registry", "Service", "Settings", "SignOn", "Store", "Usage",
                "Wire",
                .argumentParser, .crypto, .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .logging,
                .nioCore, .nioHTTPTypes,
                .nioSSL,
                .serviceLifecycle, .unixSignals,
            ],
            path: "collector",
            resources: [.embedInCode("API/openapi.json")],
            swiftSettings: settings),

        // Tests
        tests(
            "AgentTests",
            ["rollcall-agent", "Capture", "Registry", "Service", "Settings", "Shipping", "Tally", "Wire", .logging]),
        tests("CaptureTests", ["Capture", "CPcap"]),
        .testTarget(
            name: "DissectionTests", dependencies: ["Capture", "Dissection", "TrafficMaker", .crypto],
            exclude: ["FailCases"], swiftSettings: settings),
        tests("IdentityTests", ["Identity", "SignOn"]),
        tests("MatchingTests", ["Matching", "Registry"]),
        tests("NamesTests", ["Names"]),
        tests("PagesTests", ["Pages", "Identity", "Registry", "Store", "Usage", "Wire"]),
        tests("AlertsTests", ["Alerts", "Programme", "Registry", "Settings", "Wire", .crypto, .nioCore]),
        tests("ProgrammeTests", ["Programme", "Registry", "Settings", "Wire"]),
        tests("RegistryTests", ["Registry", "Wire"]),
        tests("ServiceTests", ["Service", .logging]),
        tests("SettingsTests", ["Settings"]),
        .testTarget(
            name: "ShippingTests", dependencies: ["Shipping", "Wire", .nioCore, .nioHTTP1, .nioPosix, .nioSSL],
            exclude: ["Certificates"], swiftSettings: settings),
        tests("StoreTests", ["Store", "Identity", "Programme", "Registry", "Wire", .grdb]),
        tests("TallyTests", ["Tally", "Dissection", "Names", "Registry", "Wire"]),
        tests("UsageTests", ["Usage", "Matching", "Registry", "Store", "Wire"]),
        tests("WireTests", ["Wire"]),
        .testTarget(
            name: "CollectorTests",
            dependencies: [
                "rollcall-collector", "Alerts", "Identity", "Programme", "Registry", "Settings", "SignOn", "Store",
                "Usage", "Wire",
                .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTesting, .hummingbirdTLS, .logging, .nioCore,
                .nioEmbedded, .nioHTTPTypes, .nioPosix, .serviceLifecycle,
            ], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Capture", "TrafficMaker", "Wire", "rollcall-agent", "rollcall-collector"],
            exclude: ["captures.explained"], swiftSettings: settings),
    ]
)

// Fuzz targets need the fuzzer's instrumentation everywhere, so `scripts/fuzz` builds them apart from everything else.
if Context.environment["ROLLCALL_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["Capture", "Dissection", "TrafficMaker"], path: "FuzzTesting",
            sources: ["Targets"],
            swiftSettings: settings))
}
