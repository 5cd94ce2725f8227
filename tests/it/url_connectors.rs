//! What `url` prints, the connectors' own parsers read: driver-go's, taos-jdbcdriver's, mdsn's (Rust, Python, C), SQLAlchemy's and
//! Node.js's, each over one table of logins that are hard to write.
