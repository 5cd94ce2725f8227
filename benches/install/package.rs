//! A package of the vendor's size and arrangement, generated: libraries beside an archive of programs, both levels gzip.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use taos_sandbox::driver;
use taos_sandbox::mirror::{Package, libraries, top_folder};
use tar::{Builder, EntryType, Header};

/// The client's version.
pub(crate) const VERSION: &str = "3.3.7.5";
const MEGABYTE: usize = 1 << 20;

/// A package and its archive inside, both compressed.
pub(crate) struct Generated {
    pub(crate) outer: Vec<u8>,
    pub(crate) nested: Vec<u8>,
    /// Bytes of all files.
    pub(crate) content: usize,
}

/// Generates the package. The same bytes every time, as far as the built stand-in driver is the same.
pub(crate) fn generate() -> io::Result<Generated> {
    let mut code = Code::new();
    let mut content = 0;
    let mut nested = archive();
    for (name, megabytes) in [
        ("bin/taos", 55),
        ("bin/taosBenchmark", 55),
        ("bin/taosdump", 25),
    ] {
        let bytes = code.more(megabytes * MEGABYTE);
        content += bytes.len();
        file(&mut nested, name, 0o755, &bytes)?;
    }
    let header = format!("int taos_init(void); /* {VERSION} */\n").repeat(2000);
    file(&mut nested, "inc/taos.h", 0o644, header.as_bytes())?;
    file(
        &mut nested,
        "cfg/taos.cfg",
        0o644,
        b"# firstEp hostname:6030\n",
    )?;
    let nested = nested.into_inner()?.finish()?;
    let mut outer = archive();
    let top = top_folder(&Package::new(VERSION));
    file(
        &mut outer,
        &format!("{top}/install_client.sh"),
        0o755,
        b"#!/bin/sh\n",
    )?;
    file(&mut outer, &format!("{top}/package.tar.gz"), 0o644, &nested)?;
    let driver = std::fs::read(driver::built()?)?;
    let sizes = [20, 150, 50];
    for ((name, mut bytes), megabytes) in libraries(&driver, VERSION)?.into_iter().zip(sizes) {
        // Bytes after an ELF file's sections are not loaded.
        bytes.extend(code.more(megabytes * MEGABYTE));
        content += bytes.len();
        file(
            &mut outer,
            &format!("{top}/driver/{name}.{VERSION}"),
            0o755,
            &bytes,
        )?;
    }
    let outer = outer.into_inner()?.finish()?;
    Ok(Generated {
        outer,
        nested,
        content,
    })
}

type Archive = Builder<GzEncoder<Vec<u8>>>;

fn archive() -> Archive {
    Builder::new(GzEncoder::new(Vec::new(), Compression::new(6)))
}

fn file(archive: &mut Archive, path: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(mode);
    header.set_size(bytes.len() as u64);
    archive.append_data(&mut header, path, bytes)
}

/// Bytes with a machine program's redundancy: few instructions are most of it, operands are nearly random, and there are
/// tables and strings in between. gzip shrinks it to two fifths, as it does node or libpython.
struct Code {
    state: u64,
    instructions: Vec<Vec<u8>>,
}

impl Code {
    fn new() -> Self {
        let mut code = Self {
            state: 0x9e37_79b9_7f4a_7c15,
            instructions: Vec::new(),
        };
        for _ in 0..4096 {
            let length = 2 + code.below(6);
            let instruction = (0..length).map(|_| code.byte()).collect();
            code.instructions.push(instruction);
        }
        code
    }

    /// xorshift64*: quick, and good enough to be incompressible.
    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: u64) -> usize {
        usize::try_from(self.next() % most).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[7]
    }

    fn more(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 64);
        while bytes.len() < length {
            match self.below(64) {
                0..=1 => bytes.extend_from_slice(&[0; 48]),
                2..=3 => bytes.extend_from_slice(b"_ZN4taos6client10connection5queryEPKcm\0"),
                4..=9 => {
                    let operand = self.next().to_le_bytes();
                    let _ = bytes.write_all(&operand[4..7]);
                }
                _ => {
                    // A small number far more often than a large one.
                    let most = 1 << (2 + self.below(11));
                    let which = self.below(most);
                    bytes.extend_from_slice(&self.instructions[which]);
                }
            }
        }
        bytes.truncate(length);
        bytes
    }
}
