//! The ids of findings, as `manifests/findings.toml` has them.

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident => $text:literal,)+) => {
        /// A finding's stable id. Its texts and exit code stand in `manifests/findings.toml`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Id {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Id {
            /// All ids that this program gives.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The id as reports and JSON print it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

ids! {
    /// The host's name has no address.
    DnsUnresolved => "dns-unresolved",
    /// Nothing listens on the port.
    TcpRefused => "tcp-refused",
    /// The port does not answer at all.
    TcpTimeout => "tcp-timeout",
    /// It connects, and then nothing is said.
    NoAnswer => "no-answer",
    /// It connects, and is closed at once.
    ClosedEarly => "closed-early",
    /// The port speaks TLS.
    TlsExpected => "tls-expected",
    /// TLS was asked for, and the port does not speak it.
    TlsUnexpected => "tls-unexpected",
    /// TLS works, and the server's certificate is not to be trusted.
    TlsUntrusted => "tls-untrusted",
    /// The password is wrong.
    AuthFailed => "auth-failed",
    /// There is no such user.
    AuthUserUnknown => "auth-user-unknown",
    /// The login was refused for another reason.
    AuthDenied => "auth-denied",
    /// The user is disabled or locked.
    UserLocked => "user-locked",
    /// The password has expired.
    PasswordExpired => "password-expired",
    /// The user needs a one-time code besides.
    TotpRequired => "totp-required",
    /// The user may not come from this address.
    IpNotAllowed => "ip-not-allowed",
    /// The token is refused.
    TokenInvalid => "token-invalid",
    /// Not tried: other targets refused the same login.
    LoginWithheld => "login-withheld",
    /// The port belongs to the other protocol of TDengine.
    WrongPort => "wrong-port",
    /// Something else answers on the port.
    NotTdengine => "not-tdengine",
    /// A gateway answers in the server's place.
    ProxyInTheWay => "proxy-in-the-way",
    /// taosAdapter is there, but the Upgrade does not reach it.
    WsUpgradeRefused => "ws-upgrade-refused",
    /// Driver and server differ in their first three version parts.
    VersionMismatch => "version-mismatch",
    /// Driver and server are of different editions.
    EditionMismatch => "edition-mismatch",
    /// The native port requires TLS, which this machine's taos.cfg does not switch on.
    NativeTlsExpected => "native-tls-expected",
    /// TLS is on for native connections here, and the native port does not use it.
    NativeTlsUnexpected => "native-tls-unexpected",
    /// The server is older than what a pinned connector, or this program, can talk to.
    ServerTooOld => "server-too-old",
    /// A pinned connector is older than the server wants it.
    ConnectorTooOld => "connector-too-old",
    /// A pinned connector refuses servers as old as this one.
    ConnectorTooNew => "connector-too-new",
    /// A pinned connector is no longer kept up.
    ConnectorDeprecated => "connector-deprecated",
    /// A pinned connector is known not to work.
    ConnectorBroken => "connector-broken",
    /// A program that builds or runs the project's programs is missing.
    ConnectorToolchainMissing => "connector-toolchain-missing",
    /// The registry of the project's connector does not answer.
    ConnectorRegistryUnreachable => "connector-registry-unreachable",
    /// The version that the project pins cannot be obtained.
    ConnectorVersionMissing => "connector-version-missing",
    /// A program with the project's connector does not compile.
    ConnectorBuildFailed => "connector-build-failed",
    /// The build of such a program does not end.
    ConnectorBuildTimeout => "connector-build-timeout",
    /// The connector cannot be loaded.
    ConnectorUnloadable => "connector-unloadable",
    /// The program with the connector crashed.
    ConnectorCrashed => "connector-crashed",
    /// The connector does not connect, or its query fails.
    ConnectorRefused => "connector-refused",
    /// The program with the connector does not end.
    ConnectorHung => "connector-hung",
    /// The connector returns other rows than the server has.
    ConnectorWrongRows => "connector-wrong-rows",
    /// This machine has no client library.
    LibraryMissing => "library-missing",
    /// One of the libraries that belong together is missing.
    LibraryIncomplete => "library-incomplete",
    /// The library is for another processor or system.
    LibraryWrongArch => "library-wrong-arch",
    /// The loader refuses the library.
    LibraryUnloadable => "library-unloadable",
    /// The library cannot be read by this user.
    LibraryUnreadable => "library-unreadable",
    /// Another version of the library lies behind the one that is used.
    LibraryShadowed => "library-shadowed",
    /// The library writes to standard output.
    LibraryNoisy => "library-noisy",
    /// The library needs a newer glibc than this machine has.
    GlibcTooOld => "glibc-too-old",
    /// The library needs glibc, and this machine has musl.
    MuslUnsupported => "musl-unsupported",
    /// The library wants an executable stack, which this machine refuses.
    ExecutableStack => "executable-stack",
    /// Windows lacks the Visual C++ runtime that the library needs.
    VcRuntimeMissing => "vc-runtime-missing",
    /// The configuration in effect names another server.
    FirstepWrong => "firstep-wrong",
    /// The library ended the process.
    LibraryCrashed => "library-crashed",
    /// The library did not come back.
    LibraryHung => "library-hung",
    /// The library cannot write its log.
    LogDirUnwritable => "log-dir-unwritable",
    /// This machine's limits keep the driver from starting.
    ResourceLimit => "resource-limit",
    /// The clocks of client and server differ too much.
    ClockSkew => "clock-skew",
    /// The license has expired.
    LicenceExpired => "licence-expired",
    /// The license is used up.
    LicenceLimit => "licence-limit",
    /// The server takes no more requests for now.
    RateLimited => "rate-limited",
    /// It works, and takes long.
    Slow => "slow",
    /// taosd is there, taosAdapter is not.
    AdapterNotRunning => "adapter-not-running",
    /// taosAdapter is there, taosd behind it is not.
    AdapterBackendDown => "adapter-backend-down",
    /// The database does not exist.
    DatabaseMissing => "database-missing",
    /// A query that a healthy server answers is refused.
    QueryFailed => "query-failed",
    /// Short answers arrive, and those of several packets do not.
    LargeAnswersLost => "large-answers-lost",
    /// A dnode's advertised name has no address here.
    DnodeUnresolved => "dnode-unresolved",
    /// A dnode's advertised endpoint cannot be reached from here.
    DnodeUnreachable => "dnode-unreachable",
    /// The dnode advertises another port than the one that reaches it.
    DnodePortRemapped => "dnode-port-remapped",
    /// A dnode does not report to its cluster.
    DnodeOffline => "dnode-offline",
    /// A write is refused.
    WriteFailed => "write-failed",
    /// What is read is not what was written.
    ReadMismatch => "read-mismatch",
    /// Instants come back shifted by a zone's offset.
    TimezoneShift => "timezone-shift",
    /// What an earlier, killed run of `verify --write` left behind.
    WriteLeftover => "write-leftover",
    /// A library that the driver needs is missing.
    LibraryDependencyMissing => "library-dependency-missing",
    /// The driver's libraries are of different versions.
    LibraryMixed => "library-mixed",
    /// Other users of the machine cannot read the library.
    LibraryNotForAll => "library-not-for-all",
    /// taos.h and the library are of different releases.
    HeaderMismatch => "header-mismatch",
    /// A client in the store is not as it was installed.
    StoreDamaged => "store-damaged",
    /// The store cannot be used.
    StoreUnusable => "store-unusable",
    /// The taos.cfg in effect cannot be read.
    ConfigUnreadable => "config-unreadable",
    /// taos.cfg sets a key that the driver does not have.
    ConfigKeyUnknown => "config-key-unknown",
    /// taos.cfg sets a key twice, to different values.
    ConfigKeyRepeated => "config-key-repeated",
    /// taos.cfg gives a key a value that it cannot have.
    ConfigValueInvalid => "config-value-invalid",
    /// TLS for native connections lacks one of its files.
    NativeTlsIncomplete => "native-tls-incomplete",
    /// The driver cannot write temporary files.
    TempDirUnwritable => "temp-dir-unwritable",
    /// taos.cfg and the environment use different character sets.
    CharsetMismatch => "charset-mismatch",
    /// taos.cfg and the machine use different time zones.
    TimezoneMismatch => "timezone-mismatch",
    /// A proxy variable holds no address of a proxy.
    ProxyInvalid => "proxy-invalid",
    /// The two spellings of a proxy variable differ.
    ProxyContradictory => "proxy-contradictory",
    /// Connections to this machine go through a proxy.
    ProxyForLocalhost => "proxy-for-localhost",
    /// A variable names certificates that cannot be used.
    CertificatesUnreadable => "certificates-unreadable",
    /// The server that was asked for the time does not answer.
    TimeSourceUnreachable => "time-source-unreachable",
    /// Another program uses a port of TDengine.
    PortOccupied => "port-occupied",
    /// A language's runtime is for another processor than the driver.
    RuntimeWrongArch => "runtime-wrong-arch",
    /// A language's runtime does not start.
    RuntimeUnusable => "runtime-unusable",
    /// A variable names a place without a client library.
    VariableWrong => "variable-wrong",
    /// cgo has no C compiler.
    CompilerMissing => "compiler-missing",
    /// A check of this machine did not end in time.
    CheckUnfinished => "check-unfinished",
}
