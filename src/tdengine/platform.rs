//! Operating system, processor and C library, as package names spell them.

use std::fmt;
use std::str::FromStr;

/// An operating system for which a client is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Os {
    /// `linux`
    Linux,
    /// `windows`
    Windows,
    /// `macos`
    Macos,
}

/// A processor for which a client is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arch {
    /// `x64`, also known as x86_64 and amd64
    X64,
    /// `arm64`, also known as aarch64
    Arm64,
}

/// Operating system and processor together, written `linux-x64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform {
    /// The operating system.
    pub os: Os,
    /// The processor.
    pub arch: Arch,
}

impl Os {
    /// Returns the system that this program runs on; Linux if no client is published for it, because its rules are the closest.
    pub const fn host() -> Self {
        match Platform::host() {
            Some(platform) => platform.os,
            None => Self::Linux,
        }
    }
}

impl Platform {
    /// Every platform for which clients are published, in the order in which people read them.
    pub const ALL: [Self; 5] = [
        Self::of(Os::Linux, Arch::X64),
        Self::of(Os::Linux, Arch::Arm64),
        Self::of(Os::Windows, Arch::X64),
        Self::of(Os::Macos, Arch::X64),
        Self::of(Os::Macos, Arch::Arm64),
    ];

    const fn of(os: Os, arch: Arch) -> Self {
        Self { os, arch }
    }

    /// The platform that this program was built for, which is the one it runs on. `None` where no client is published
    /// for it.
    pub const fn host() -> Option<Self> {
        let os = if cfg!(target_os = "linux") {
            Os::Linux
        } else if cfg!(windows) {
            Os::Windows
        } else if cfg!(target_os = "macos") {
            Os::Macos
        } else {
            return None;
        };
        let arch = if cfg!(target_arch = "x86_64") {
            Arch::X64
        } else if cfg!(target_arch = "aarch64") {
            Arch::Arm64
        } else {
            return None;
        };
        Some(Self { os, arch })
    }

    /// The file names of a shared library called `name` (`taos`): unversioned, as the linker and `dlopen` ask for it.
    pub fn library_file(self, name: &str) -> String {
        match self.os {
            Os::Linux => format!("lib{name}.so"),
            Os::Windows => format!("{name}.dll"),
            Os::Macos => format!("lib{name}.dylib"),
        }
    }
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Macos => "macos",
        })
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X64 => "x64",
            Self::Arm64 => "arm64",
        })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.os, self.arch)
    }
}

impl FromStr for Platform {
    type Err = String;

    /// Reads `linux-x64` and its common synonyms (`x86_64`, `amd64`, `aarch64`, `darwin`), in any case, as containers
    /// (`linux/amd64`) and compilers (`aarch64-apple-darwin`) write them, too.
    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let complaint =
            || "expected linux-x64, linux-arm64, windows-x64, macos-x64, or macos-arm64".to_owned();
        let words: Vec<&str> = lower.split(['-', '/']).collect();
        let (os, arch) = match *words {
            [os, arch] => (os, arch),
            [arch, _, os] | [arch, _, os, "gnu" | "msvc"] => (os, arch),
            _ => return Err(complaint()),
        };
        let os = match os {
            "linux" => Os::Linux,
            "windows" | "win" => Os::Windows,
            "macos" | "darwin" => Os::Macos,
            _ => return Err(complaint()),
        };
        let arch = match arch {
            "x64" | "x86_64" | "amd64" => Arch::X64,
            "arm64" | "aarch64" => Arch::Arm64,
            _ => return Err(complaint()),
        };
        Ok(Self { os, arch })
    }
}

#[cfg(test)]
mod tests;
