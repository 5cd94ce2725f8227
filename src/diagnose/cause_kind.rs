//! The kinds of a finding's cause: what its texts, and code, tell apart under one id.

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident => $text:literal,)+) => {
        /// A kind of cause. `manifests/findings.toml` reads it as `kind`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CauseKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl CauseKind {
            /// The word in `manifests/findings.toml`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

kinds! {
    /// No DNS server answered.
    Resolver => "resolver",
    /// The system reports no route.
    Route => "route",
    /// Packets are lost.
    Lost => "lost",
    /// The certificate has expired.
    Expired => "expired",
    /// The certificate is not valid yet.
    Early => "early",
    /// The certificate is for another host.
    Host => "host",
    /// This machine has no certificates to check against.
    NoAuthorities => "no-authorities",
    /// The handshake failed.
    Handshake => "handshake",
    /// The server has no certificate for the name.
    Name => "name",
    /// A certificate of the client is required.
    Client => "client",
    /// The certificate is signed by itself.
    SelfSigned => "self",
    /// The certificate's authority is not known.
    UnknownAuthority => "unknown",
    /// It breaks another rule.
    Rule => "rule",
    /// macOS does not let programs load it.
    Policy => "policy",
    /// This program is a static one.
    Static => "static",
    /// The native port.
    Native => "native",
    /// taosAdapter's port.
    Adapter => "adapter",
    /// A gateway requires a login of its own.
    Login => "login",
    /// A gateway forbids it.
    Forbidden => "forbidden",
    /// A gateway does not pass the path on.
    Path => "path",
    /// A gateway limits the size.
    Size => "size",
    /// A gateway limits the number of requests.
    Busy => "busy",
    /// A gateway drops a header.
    Header => "header",
    /// The name of a container.
    Container => "container",
    /// The name of the machine that built an image.
    Image => "image",
    /// A name or address of every machine itself.
    Local => "local",
    /// A name of a Kubernetes cluster.
    Kubernetes => "kubernetes",
    /// Another program answers.
    Stranger => "stranger",
    /// The user may not do it.
    Privilege => "privilege",
    /// The server has no vnode left.
    Vnodes => "vnodes",
    /// No dnode is ready yet, as in the first seconds of a new server.
    Starting => "starting",
    /// The disk is full.
    Disk => "disk",
    /// There is no such database.
    Database => "database",
    /// No answer.
    Silent => "silent",
    /// Times without a zone.
    Text => "text",
    /// A zone's offset.
    Zone => "zone",
    /// A bare address or an asked port, while another port of the host answers.
    Neighbor => "neighbor",
    /// A pool of connections is used up.
    Pool => "pool",
    /// The server has too many sessions.
    Sessions => "sessions",
    /// A user has as many sessions as the server allows.
    UserSessions => "user-sessions",
    /// A server's own token is not accepted.
    Bearer => "bearer",
    /// Too much memory is in use.
    Memory => "memory",
    /// Two programs on the server are of different versions.
    Version => "version",
    /// taosAdapter itself fails.
    Internal => "internal",
    /// Bytes come before the request.
    Preamble => "preamble",
    /// A query gets no answer after a login that worked.
    Query => "query",
    /// An RPC signature is not accepted.
    Signature => "signature",
    /// A directory may not be read.
    Directory => "directory",
    /// Not in the loader's cache.
    Uncached => "uncached",
    /// The library is where the vendor's installer put it, and the search path lacks that directory.
    OffPath => "off-path",
    /// It is older than needed.
    Older => "older",
    /// Only the driver's own package has the library.
    Private => "private",
    /// This machine's own host name does not resolve.
    OwnName => "own-name",
    /// A link, not a file.
    Links => "links",
}
